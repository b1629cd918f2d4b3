/// A name under which a server is reached and certified: a host name or an IP address.
package enum ServerName: Equatable, Sendable {
    case host(String)
    case address(String)

    /// Nil when the text is neither. Host names are letters, digits, `-`, `_` and dots (RFC 1123
    /// §2.1; `_` because containers use it), at most 253 bytes; other scripts in their `xn--` form.
    /// A leading `*.` is allowed, as certificates have it. A final dot is dropped.
    package init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }
        if let address = IPAddress(text) {
            self = .address(address.text)
            return
        }
        var name = text[...]
        if name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
        let pattern = name.utf8.starts(with: "*.".utf8) ? name.dropFirst(2) : name
        let labels = pattern.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(Self.isLabel),
            !labels.last!.allSatisfy(Self.isDigit)
        else { return nil }
        self = .host(String(name))
    }

    package var text: String {
        switch self {
        case .host(let name), .address(let name): name
        }
    }

    private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
            && label.last != UInt8(ascii: "-") && label.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: isDigit(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
