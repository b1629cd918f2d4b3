/// Where a device sends: `<sender ID>@gcm.googleapis.com`, or the later Firebase form; or the
/// notification key of a group.
package enum UpstreamAddress {
    /// Host names that the real service answered to in an address (protocol sheet §5).
    package static let domains = [
        "gcm.googleapis.com", "fcm.googleapis.com", "gcm-preprod.googleapis.com",
    ]

    /// Whether the text may be the notification key of a group. Digits alone are no key, but a
    /// sender ID whose domain was forgotten.
    package static func mayBeKey(_ text: String) -> Bool {
        var isNumber = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                isNumber = false
            default: return false
            }
        }
        return !isNumber && Limits.notificationKeyBytes.contains(text.utf8.count)
    }

    /// The sender ID in an address; nil when the address names no app server.
    package static func senderID(in address: String) -> SenderID? {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, domains.contains(parts[1].lowercased()) else { return nil }
        return SenderID(String(parts[0]))
    }
}
