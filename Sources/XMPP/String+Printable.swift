/// For words of a peer that end up in logs, on terminals and in stream errors.
extension String {
    /// The text with U+FFFD for control characters and for what XML cannot carry.
    package var printable: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isForbidden = scalar == "\u{FFFE}" || scalar == "\u{FFFF}"
            let isControl = scalar.properties.generalCategory == .control
            scalars.append(isControl || isForbidden ? "\u{FFFD}" : scalar)
        }
        return String(scalars)
    }

    /// The text as an error message shows it: printable, in quotes, cut where it gets long.
    package var quoted: String {
        let longest = 80
        let text = String(String.UnicodeScalarView(unicodeScalars.prefix(longest))).printable
        return unicodeScalars.count > longest ? "\"\(text)…\"" : "\"\(text)\""
    }
}
