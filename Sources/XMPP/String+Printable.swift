/// For words of a peer that end up in logs, on terminals and in stream errors.
extension String {
    /// The text with U+FFFD for characters that steer a terminal, break a line or turn its
    /// direction, and for what XML cannot carry.
    package var printable: String {
        guard !utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            scalars.append(scalar.isPrintable ? scalar : "\u{FFFD}")
        }
        return String(scalars)
    }

    /// The text as an error message shows it: printable, in quotes, cut where it gets long.
    package var quoted: String {
        let longest = 80
        let text = String(String.UnicodeScalarView(unicodeScalars.prefix(longest))).printable
        return unicodeScalars.count > longest ? "\"\(text)…\"" : "\"\(text)\""
    }

    /// The text as an error message shows a name that nobody knows: of a long one only the start,
    /// since it may be a key in the wrong place.
    package var quotedAsName: String {
        let longest = 20
        guard unicodeScalars.count > longest else { return quoted }
        return (String(String.UnicodeScalarView(unicodeScalars.prefix(4))) + "…").quoted
    }
}

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default: !properties.isBidiControl && self != "\u{FFFE}" && self != "\u{FFFF}"
        }
    }
}
