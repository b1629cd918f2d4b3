import CloudMessaging
import Journal

/// Draws a diagram as sheets of SVG, which a printer need not cut.
struct DiagramDrawing {
    let diagram: SequenceDiagram
    let layout: DiagramLayout
    private let start: Instant
    /// What is in each sheet: first what lies behind.
    private var layers: [[Layer: String]]

    enum Layer: CaseIterable { case steps, bands, lines, timers, rows }

    /// - Parameter start: when the play began.
    init(_ diagram: SequenceDiagram, since start: Instant) {
        self.diagram = diagram
        self.start = start
        layout = DiagramLayout(diagram)
        layers = Array(repeating: [:], count: layout.sheets.count)
        drawLines()
        diagram.spans.forEach { draw($0) }
        draw(diagram.timers)
        for index in diagram.rows.indices { draw(diagram.rows[index], at: index) }
    }

    /// The names of the lifelines.
    var header: String {
        var markup = ""
        let spacing = layout.spacing
        for line in diagram.lines {
            let x = layout.x(line.id)
            let most = Int(spacing / 7.5)
            markup += XMLText.element(
                "g", [:],
                XMLText.element("title", [:], XMLText.escaped("\(line.name): \(line.part)"))
                    + SVG.rectangle(
                        x - min(80, spacing / 2 - 4), 3, min(160, spacing - 8), 38,
                        "head head-\(line.id.group)", radius: 6)
                    + SVG.text(x, 19, line.name, "name", .middle, most: most)
                    + SVG.text(x, 34, line.part, "part", .middle, most: most + 4))
        }
        return svg(markup, top: 0, height: 44, "Participants")
    }

    /// From top to bottom.
    var sheets: [String] {
        layers.indices.map { index in
            let (top, bottom) = layout.extent(ofSheet: index)
            let markup = Layer.allCases.compactMap { layers[index][$0] }.joined()
            return svg(markup, top: top, height: bottom - top, "Part \(index + 1)")
        }
    }

    private func svg(_ markup: String, top: Double, height: Double, _ title: String) -> String {
        XMLText.element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-label": title,
                "viewBox":
                    "0 \(SVG.number(top)) \(SVG.number(layout.width)) \(SVG.number(height))",
                "width": SVG.number(layout.width), "height": SVG.number(height),
            ], markup)
    }

    /// Adds markup to all sheets that it reaches into.
    mutating func add(_ markup: String, _ layer: Layer, from row: Int, to last: Int?) {
        guard !layers.isEmpty else { return }
        let first = layout.sheet(of: row)
        for sheet in first...max(first, layout.sheet(of: last)) {
            layers[sheet][layer, default: ""] += markup
        }
    }

    func time(_ instant: Instant) -> String {
        EventPhrase.clock(start.duration(to: instant))
    }

    // MARK: What lasts

    private mutating func drawLines() {
        for sheet in layers.indices {
            let (top, bottom) = layout.extent(ofSheet: sheet)
            let markup = diagram.lines.map { line in
                let style = line.id.group == .appServer ? "lifeline unbound" : "lifeline"
                return SVG.line(layout.x(line.id), top, layout.x(line.id), bottom, style)
            }
            layers[sheet][.lines] = markup.joined()
        }
    }

    private mutating func draw(_ span: SequenceDiagram.Span) {
        let (x, top, bottom) = (layout.x(span.line), layout.y(span.from), layout.y(span.to))
        guard bottom > top else { return }
        let title = XMLText.element("title", [:], XMLText.escaped(span.text))
        let style = "span-\(span.kind.rawValue)"
        let layer: Layer = span.kind == .draining || span.kind == .fault ? .bands : .lines
        var markup = title
        switch span.kind {
        case .connection: markup += SVG.rectangle(x - 4, top, 8, bottom - top, style, radius: 3)
        case .down:
            markup += SVG.rectangle(x - 5, top, 10, bottom - top, "blank")
            markup += SVG.line(x, top, x, bottom, style)
        case .draining, .fault:
            markup += SVG.rectangle(x - 26, top, 52, bottom - top, style, radius: 4)
            // The name of a band stands at its foot, inside, where no row begins.
            if bottom - top > 40 {
                markup += XMLText.element(
                    "text",
                    [
                        "class": "band", "text-anchor": "start",
                        "transform":
                            "translate(\(SVG.number(x + 22)) \(SVG.number(top + 5))) rotate(90)",
                    ], XMLText.escaped(SVG.shortened(span.text, to: Int((bottom - top) / 6.5))))
            }
        }
        add(XMLText.element("g", [:], markup), layer, from: span.from, to: span.to)
    }

    // MARK: Timers

    /// A bracket with its place.
    private struct Bracket {
        let timer: SequenceDiagram.TimerBracket
        let top: Double
        let bottom: Double
        let lane: Int
    }

    /// Brackets beside each other, as far as there is room.
    private func brackets(_ timers: [SequenceDiagram.TimerBracket]) -> [Bracket] {
        var ends: [Double] = []
        var brackets: [Bracket] = []
        for timer in timers {
            let (top, bottom) = (layout.y(timer.from) + 4, layout.y(timer.to) + 2)
            // One that was stopped soon says nothing.
            guard timer.hasFired || bottom - top > 60 else { continue }
            let lane = ends.firstIndex { $0 <= top } ?? ends.count
            guard lane < Self.timersAbreast else { continue }
            if lane == ends.count { ends.append(bottom) } else { ends[lane] = bottom }
            brackets.append(Bracket(timer: timer, top: top, bottom: bottom, lane: lane))
        }
        return brackets
    }

    private mutating func draw(_ timers: [SequenceDiagram.TimerBracket]) {
        let brackets = brackets(timers)
        for (index, bracket) in brackets.enumerated() {
            let timer = bracket.timer
            let x = x(ofLane: bracket.lane)
            let path =
                "M\(SVG.number(x + 6)) \(SVG.number(bracket.top))H\(SVG.number(x))"
                + "V\(SVG.number(bracket.bottom))" + (timer.hasFired ? "h6" : "")
            let text = timer.hasFired ? "retry timer \(timer.text)" : "retry timer, stopped"
            var markup = XMLText.element("title", [:], XMLText.escaped(text))
            markup += SVG.path(path, timer.hasFired ? "timer" : "timer stopped")
            if bracket.lane == 0 {
                let y = min(bracket.bottom - 4, bracket.top + 16)
                // Beside all that pass there; those are among the ones before or soon after.
                let near = brackets[max(0, index - 8)..<min(brackets.count, index + 8)]
                let lanes = near.filter { $0.top < y && $0.bottom > y - 12 }.map(\.lane)
                markup += SVG.text(
                    self.x(ofLane: lanes.max() ?? 0) - 5, y, timer.text,
                    timer.hasFired ? "timer-text" : "stopped-text", .end)
            }
            add(XMLText.element("g", [:], markup), .timers, from: timer.from, to: timer.to)
        }
    }

    private func x(ofLane lane: Int) -> Double { layout.x(.relay) - 16 - Double(lane) * 9 }

    private static let timersAbreast = 6
}
