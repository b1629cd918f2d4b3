import CloudMessaging
import Journal

/// Where everything of a diagram is, in units of its drawing.
struct DiagramLayout {
    /// On a laptop's screen without scrolling sideways.
    static let laptop = 1_180.0
    /// Room for the times.
    static let gutter = 92.0
    /// Room for what is said beside the last line.
    private static let rightMargin = 190.0
    private static let leftMargin = 46.0
    private static let leastSpacing = 120.0
    /// What is printed in one piece, at least.
    private static let sheetHeight = 200.0

    /// A quiet time from here on is broken.
    static let quiet = Duration.seconds(1)
    private static let pause = Duration.milliseconds(50)
    static let breakHeight = 30.0

    let width: Double
    /// Between two lines.
    let spacing: Double
    /// The top of each row, after a break before it.
    let tops: [Double]
    /// Whether a quiet time was broken before the row.
    let breaks: [Duration?]
    /// The first row of each sheet.
    let sheets: [Int]
    let height: Double
    private let places: [LineID: Double]
    private let sheetOfRow: [Int]

    init(_ diagram: SequenceDiagram) {
        let gaps = max(1, diagram.lines.count - 1)
        let room = Self.laptop - Self.gutter - Self.leftMargin - Self.rightMargin
        spacing = max(Self.leastSpacing, min(420, room / Double(gaps)))
        var places: [LineID: Double] = [:]
        for (index, line) in diagram.lines.enumerated() {
            places[line.id] = Self.gutter + Self.leftMargin + Double(index) * spacing
        }
        self.places = places
        width = max(
            Self.laptop,
            Self.gutter + Self.leftMargin + Double(gaps) * spacing + Self.rightMargin)

        var (tops, breaks, sheets, sheetOfRow) = ([Double](), [Duration?](), [Int](), [Int]())
        var (y, sheetTop) = (0.0, 0.0)
        for (index, row) in diagram.rows.enumerated() {
            if index == 0 || y - sheetTop >= Self.sheetHeight {
                sheets.append(index)
                sheetTop = y
            }
            let before = index == 0 ? row.instant : diagram.rows[index - 1].instant
            let gap = before.duration(to: row.instant)
            breaks.append(gap >= Self.quiet ? gap : nil)
            y += gap >= Self.quiet ? Self.breakHeight : gap >= Self.pause ? 8 : 0
            tops.append(y)
            sheetOfRow.append(sheets.count - 1)
            y += row.content.height
        }
        self.tops = tops
        self.breaks = breaks
        self.sheets = sheets
        self.sheetOfRow = sheetOfRow
        height = y + 12
    }

    func x(_ line: LineID) -> Double { places[line] ?? Self.gutter }

    /// Where a row's deed is; the end of the drawing for none.
    func y(_ row: Int?) -> Double {
        guard let row, tops.indices.contains(row) else { return height - 4 }
        return tops[row] + 12
    }

    func sheet(of row: Int?) -> Int {
        guard let row, sheetOfRow.indices.contains(row) else { return sheets.count - 1 }
        return sheetOfRow[row]
    }

    /// From where to where a sheet reaches.
    func extent(ofSheet sheet: Int) -> (top: Double, bottom: Double) {
        func top(_ sheet: Int) -> Double {
            let row = sheets[sheet]
            return row == 0 ? 0 : tops[row] - (breaks[row] == nil ? 0 : Self.breakHeight)
        }
        return (top(sheet), sheet + 1 < sheets.count ? top(sheet + 1) : height)
    }
}

extension SequenceDiagram.Content {
    fileprivate var height: Double {
        switch self {
        case .step: 28
        case .mark: 21
        case .arrow: 29
        case .arrival: 17
        }
    }
}
