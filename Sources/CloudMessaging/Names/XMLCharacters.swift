extension Unicode.Scalar {
    /// Whether XML 1.0 allows the character in a document (XML 1.0 §2.2, production `Char`).
    package var isAllowedInXML: Bool {
        switch value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }
}

extension String {
    /// Whether every character of the text may stand in an XML 1.0 document.
    package var isAllowedInXML: Bool {
        // Nearly every name is plain ASCII.
        hasNone { $0.below(0x20) | $0.beyondASCII }
            || unicodeScalars.allSatisfy(\.isAllowedInXML)
    }
}
