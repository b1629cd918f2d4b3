/// The name of a topic: 1…900 bytes of letters, digits, `-`, `_`, `.`, `~` or `%` (protocol sheet
/// §3.4; the length is that of the later documentation).
package struct TopicName: ByteIdentified {
    package let text: String

    /// Nil when the text breaks one of the bounds above.
    package init?(_ text: String) {
        guard Limits.topicNameBytes.contains(text.utf8.count),
            text.utf8.allSatisfy(TopicName.isAllowed)
        else { return nil }
        self.text = text
    }

    /// The topic of an address, `/topics/<name>`; nil when it is none.
    package init?(address: String) {
        guard address.utf8.starts(with: Self.prefix.utf8) else { return nil }
        self.init(String(address.dropFirst(Self.prefix.count)))
    }

    /// `/topics/<name>`
    package var address: String { Self.prefix + text }

    /// What a topic's address begins with.
    package static let prefix = "/topics/"

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "%"):
            true
        default:
            false
        }
    }
}
