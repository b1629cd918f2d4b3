import CloudMessaging

/// Writes random JSON objects and damages them, from a seed.
struct JSONTexts {
    private var entropy: Entropy

    init(seed: UInt64) {
        entropy = Entropy(seed: seed)
    }

    mutating func object(depth: Int = 0) -> String {
        let members = (0..<draw(5)).map { index in
            // The number keeps keys apart: what comes of equal ones is nobody's business here.
            "\(space())\"\(index)\(characters())\"\(space()):\(space())\(value(depth: depth + 1))"
        }
        return "{\(members.joined(separator: "\(space()),"))\(space())}"
    }

    /// The text with one to three of its bytes replaced, removed, doubled, or cut off at the end.
    mutating func damaged(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0...draw(3) where !bytes.isEmpty {
            let index = draw(bytes.count)
            switch draw(5) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(bytes[index], at: index)
            case 2: bytes.removeSubrange(index...)
            default: bytes[index] = pick(Array("{}[]\",:\\u0123eE+-.tfn dD8cC/b\n\u{1}".utf8))
            }
        }
        return bytes
    }

    mutating func characters() -> String {
        (0..<draw(6)).map { _ in
            pick([
                "a", "Z", "7", " ", "\u{E9}", "e\u{301}", "🚚", "ש", "\u{7F}", "/", "<", "&",
                #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#,
                #"\u00e9"#, #"\u00E9"#, #"\ud83d\ude9a"#, #"\uFFFE"#,
            ])
        }.joined()
    }

    private mutating func value(depth: Int) -> String {
        switch draw(depth < 5 ? 9 : 7) {
        case 0: pick(["true", "false", "null"])
        case 1: pick(["0", "-0", "17", "-3.25", "1e3", "2E-2", "0.5e+1", "12345678901234567890"])
        case 7: object(depth: depth)
        case 8:
            "[\((0..<draw(4)).map { _ in value(depth: depth + 1) }.joined(separator: space() + ","))]"
        default: "\"\(characters())\""
        }
    }

    private mutating func space() -> String {
        pick(["", "", "", " ", "\n", "\t\r "])
    }

    mutating func draw(_ count: Int) -> Int {
        Int(entropy.next() % UInt64(count))
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[draw(values.count)]
    }
}
