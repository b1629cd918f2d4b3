/// A name that devices subscribe to; messages to it reach all of them (protocol sheet §3.4, §3.7).
package struct Topic: ByteIdentified {
    /// What a topic's address begins with.
    package static let prefix = "/topics/"

    /// The name without the prefix.
    package let name: String

    /// Nil unless 1…900 bytes of `[a-zA-Z0-9-_.~%]`.
    package init?(name: String) {
        guard Limits.topicBytes.contains(name.utf8.count), name.utf8.allSatisfy(Self.isAllowed)
        else { return nil }
        self.name = name
    }

    /// Nil unless `/topics/` and a name.
    package init?(path: String) {
        guard path.utf8.starts(with: Self.prefix.utf8) else { return nil }
        self.init(name: String(path.dropFirst(Self.prefix.count)))
    }

    /// The address.
    package var text: String { Self.prefix + name }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
