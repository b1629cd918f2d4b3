/// Shapes, each as an element of SVG.
enum SVG {
    static func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String
    ) -> String {
        XMLText.element(
            "line",
            [
                "class": style, "x1": number(x1), "y1": number(y1), "x2": number(x2),
                "y2": number(y2),
            ])
    }

    static func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String,
        radius: Double = 0
    ) -> String {
        XMLText.element(
            "rect",
            [
                "class": style, "x": number(x), "y": number(y), "width": number(width),
                "height": number(max(0, height)), "rx": number(radius),
            ])
    }

    static func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String) -> String {
        XMLText.element(
            "circle",
            ["class": style, "cx": number(x), "cy": number(y), "r": number(radius)])
    }

    static func path(_ points: String, _ style: String) -> String {
        XMLText.element("path", ["class": style, "d": points])
    }

    enum Anchor: String {
        case start, middle, end
    }

    static func text(
        _ x: Double, _ y: Double, _ text: String, _ style: String, _ anchor: Anchor = .start,
        most: Int = 160
    ) -> String {
        XMLText.element(
            "text",
            [
                "class": style, "x": number(x), "y": number(y),
                "text-anchor": anchor.rawValue,
            ], XMLText.escaped(shortened(text, to: most)))
    }

    static func shortened(_ text: String, to most: Int) -> String {
        text.count <= most ? text : text.prefix(max(1, most - 1)) + "…"
    }

    /// With at most one digit after the point.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }

    /// A cross around a point.
    static func cross(_ x: Double, _ y: Double, _ size: Double, _ style: String) -> String {
        let (left, right) = (number(x - size), number(x + size))
        let (top, bottom) = (number(y - size), number(y + size))
        return path("M\(left) \(top)L\(right) \(bottom)M\(left) \(bottom)L\(right) \(top)", style)
    }

    /// The point of an arrow that comes from somewhere else.
    static func arrowhead(
        _ x: Double, _ y: Double, from: (x: Double, y: Double), _ style: String
    ) -> String {
        let (width, height) = (x - from.x, y - from.y)
        let length = max(1, (width * width + height * height).squareRoot())
        let (unitX, unitY) = (width / length, height / length)
        let (baseX, baseY) = (x - unitX * 9, y - unitY * 9)
        let points = [
            (x, y), (baseX - unitY * 4, baseY + unitX * 4), (baseX + unitY * 4, baseY - unitX * 4),
        ]
        let text = points.map { "\(number($0.0)) \(number($0.1))" }.joined(separator: "L")
        return path("M\(text)Z", style)
    }
}
