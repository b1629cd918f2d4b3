import CloudMessaging
import Journal

extension DiagramDrawing {
    mutating func draw(_ row: SequenceDiagram.Row, at index: Int) {
        let y = layout.tops[index]
        if let quiet = layout.breaks[index] { drawBreak(quiet, before: index) }
        var markup = XMLText.element("title", [:], XMLText.escaped(row.line))
        if !row.decides.isEmpty { markup += flag(row, y) }
        if index == 0 || time(diagram.rows[index - 1].instant) != time(row.instant) {
            markup += SVG.text(
                DiagramLayout.gutter - 18, y + row.content.baseline, time(row.instant), "time",
                .end)
        }
        var last = index
        switch row.content {
        case .step(let text):
            add(
                SVG.rectangle(
                    DiagramLayout.gutter - 10, y + 3, layout.width - DiagramLayout.gutter, 20,
                    "step", radius: 4), .steps, from: index, to: index)
            markup += SVG.text(
                DiagramLayout.gutter, y + 17, text, "step-text",
                most: Int(layout.width / 7) - 16)
        case .mark(let mark): markup += draw(mark, y)
        case .arrow(let arrow):
            if case .late(let row) = arrow.fate { last = row }
            markup += draw(arrow, y)
        case .arrival: break
        }
        let identified = XMLText.element(
            "g",
            ["class": "row", "data-events": row.events.map(String.init).joined(separator: " ")],
            markup)
        add(identified, .rows, from: index, to: last)
    }

    /// Time that passes without anything to draw, where it would be a long way down.
    private mutating func drawBreak(_ quiet: Duration, before index: Int) {
        let y = layout.tops[index] - DiagramLayout.breakHeight / 2
        var markup = SVG.text(
            DiagramLayout.gutter - 18, y + 4, "⋮ \(EventPhrase.rounded(quiet))", "quiet", .end)
        for line in diagram.lines {
            let x = SVG.number(layout.x(line.id) - 7)
            markup += SVG.rectangle(layout.x(line.id) - 8, y - 4, 16, 8, "blank")
            for offset in [-4.0, 4.0] {
                markup += SVG.path("M\(x) \(SVG.number(y + offset + 2))l5 -4l4 4l5 -4", "break")
            }
        }
        add(XMLText.element("g", ["class": "gap"], markup), .rows, from: index, to: index)
    }

    /// An expectation was decided against here.
    private func flag(_ row: SequenceDiagram.Row, _ y: Double) -> String {
        let numbers = row.decides.map(String.init).joined(separator: ", ")
        let height = 22.0
        return SVG.rectangle(0, y + 2, layout.width, height, "decides")
            + SVG.text(layout.width - 6, y + 17, "✗ expectation \(numbers)", "decides-text", .end)
    }

    // MARK: Marks

    private func draw(_ mark: SequenceDiagram.Mark, _ y: Double) -> String {
        let (x, y) = (layout.x(mark.line), y + 11)
        let tone = "tone-\(mark.tone.rawValue)"
        let symbol =
            switch mark.symbol {
            case .dot: SVG.circle(x, y, 3.5, "\(tone) filled")
            case .tick:
                SVG.circle(x, y, 7, "\(tone) filled")
                    + SVG.path("M\(SVG.number(x - 3)) \(SVG.number(y))l2.2 2.6l4 -5", "on-filled")
            case .cross:
                SVG.circle(x, y, 7, "\(tone) filled") + SVG.cross(x, y, 2.6, "on-filled")
            case .flash:
                SVG.path(
                    "M\(SVG.number(x + 2)) \(SVG.number(y - 9))l-7 10h4l-2 8l7 -10h-4z",
                    "\(tone) filled")
            case .open: SVG.circle(x, y, 4.5, "\(tone) hollow")
            case .close: SVG.cross(x, y, 5, "\(tone) stroked")
            }
        return symbol
            + SVG.text(x + 13, y + 4, mark.text, "label \(tone)", most: room(rightOf: x))
    }

    /// Letters that fit between a place and the right edge.
    private func room(rightOf x: Double) -> Int { Int((layout.width - x - 16) / 6.3) }

    // MARK: Arrows

    private func draw(_ arrow: SequenceDiagram.Arrow, _ y: Double) -> String {
        let direction = layout.x(arrow.to) > layout.x(arrow.from) ? 1.0 : -1.0
        let tail = (x: layout.x(arrow.from) + 5 * direction, y: y + 15)
        var head = (x: layout.x(arrow.to) - 5 * direction, y: y + 23)
        if case .late(let row) = arrow.fate { head.y = layout.tops[row] + 8 }
        let tone = "tone-\(arrow.tone.rawValue)"
        var markup = ""
        if arrow.fate == .lost {
            let point = (
                x: tail.x + (head.x - tail.x) * 0.72, y: tail.y + (head.y - tail.y) * 0.72
            )
            markup += SVG.line(tail.x, tail.y, point.x, point.y, "arrow lost \(tone)")
            markup += SVG.cross(point.x, point.y, 6, "lost-cross")
        } else {
            let style = arrow.fate == .unknown ? "arrow unknown" : "arrow"
            markup += SVG.line(tail.x, tail.y, head.x, head.y, "\(style) \(tone)")
            markup += SVG.arrowhead(head.x, head.y, from: tail, "\(tone) filled")
        }
        if let attempt = arrow.attempt {
            let (width, height) = (head.x - tail.x, head.y - tail.y)
            let share = 15 / max(15, (width * width + height * height).squareRoot())
            let (x, y) = (tail.x + width * share, tail.y + height * share)
            markup += SVG.circle(x, y, 8.5, "\(tone) filled")
            markup += SVG.text(x, y + 4, "\(attempt)", "attempt", .middle)
        }
        let middle = (head.y - tail.y) / 2
        let label = (
            x: (tail.x + head.x) / 2, y: arrow.fate.isLate ? tail.y + middle - 4 : y + 12
        )
        let most = Int(abs(head.x - tail.x) / 6.3)
        return markup
            + SVG.text(label.x, label.y, arrow.label, "label \(tone)", .middle, most: max(8, most))
    }
}

extension SequenceDiagram.Content {
    /// Where the time stands in the row.
    fileprivate var baseline: Double {
        if case .arrival = self { 12 } else { 16 }
    }
}

extension SequenceDiagram.Fate {
    fileprivate var isLate: Bool {
        if case .late = self { true } else { false }
    }
}

extension SequenceDiagram.Mark {
    /// `told sent: m-1 … m-5 (5)`
    fileprivate var text: String {
        guard let first = subjects.first, let last = subjects.last else { return verb }
        return subjects.count == 1
            ? "\(verb) \(first)" : "\(verb) \(first) … \(last) (\(subjects.count))"
    }
}
