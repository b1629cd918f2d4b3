/// The numeric project number of an app server, kept as text (protocol sheet §5).
package struct SenderID: ByteIdentified {
    package let text: String

    /// Nil unless 1…64 bytes of letters, digits, `.`, `_` or `-`: an ID is the local part of a JID.
    package init?(_ text: String) {
        guard Limits.senderIDBytes.contains(text.utf8.count),
            text.utf8.allSatisfy(SenderID.isAllowed)
        else { return nil }
        self.text = text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}

/// The name of an app instance on a device; opaque to app servers (protocol sheet §5).
package struct RegistrationToken: ByteIdentified {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// What receipts are from: no token, but the service's name (protocol sheet §3.5).
    package static let receipts = RegistrationToken("gcm.googleapis.com")
}

/// The ID that the app gave its message: 1…256 UTF-8 bytes, none of them forbidden in XML 1.0.
///
/// It should be unique per sender ID, and often is not: apps count from 1 on every device.
package struct MessageID: ByteIdentified {
    package let text: String

    /// Nil when the text breaks one of the bounds above.
    package init?(_ text: String) {
        let isReceipt = text.utf8.starts(with: Self.receiptPrefix.utf8)
        let ownBytes = text.utf8.count - (isReceipt ? Self.receiptPrefix.utf8.count : 0)
        guard Limits.messageIDBytes.contains(ownBytes), text.isAllowedInXML else { return nil }
        self.text = text
    }

    private static let receiptPrefix = "dr2:"

    /// The ID of the receipt for a message, which may be longer by its prefix (protocol sheet §3.5).
    package static func receipt(for message: MessageID) -> MessageID {
        guard let id = MessageID(receiptPrefix + message.text) else {
            preconditionFailure("a prefix makes no ID too long that was not before")
        }
        return id
    }
}

/// Which app sent a message: Android package name or iOS bundle ID, 1…255 bytes.
package struct Category: ByteIdentified {
    package let text: String

    /// Nil when empty, too long, or with a character that XML 1.0 forbids.
    package init?(_ text: String) {
        guard Limits.categoryBytes.contains(text.utf8.count), text.isAllowedInXML
        else { return nil }
        self.text = text
    }
}

/// The ID that the device library gives an upload, and keeps until the upload has its answer.
///
/// The relay recognises a repeated upload by it (design decision 8): the stanza `id` on the device
/// stream, the persistent ID in MCS.
package struct UploadID: ByteIdentified {
    package let text: String

    /// Nil unless 1…64 printable ASCII bytes.
    package init?(_ text: String) {
        guard Limits.uploadIDBytes.contains(text.utf8.count),
            text.hasNone(where: { $0.below(0x21) | $0.equal(to: 0x7F) | $0.beyondASCII })
        else { return nil }
        self.text = text
    }
}

/// The number that a check-in gave a device; written in decimal on the wire.
package struct DeviceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int64

    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Nil unless the text is a positive decimal number of 63 bits, without sign or leading zero.
    package init?(_ text: String) {
        guard let value = Int64(text), value > 0, String(value) == text else { return nil }
        rawValue = value
    }

    package static func < (left: DeviceID, right: DeviceID) -> Bool {
        left.rawValue < right.rawValue
    }

    package var description: String { String(rawValue) }
}
