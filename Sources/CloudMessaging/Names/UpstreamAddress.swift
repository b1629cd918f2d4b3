/// Where a device sends: `<sender ID>@gcm.googleapis.com`, or the later Firebase form.
package enum UpstreamAddress {
    /// Host names that the real service answered to in an address (protocol sheet §5).
    package static let domains = [
        "gcm.googleapis.com", "fcm.googleapis.com", "gcm-preprod.googleapis.com",
    ]

    /// Whether the text is no address at all, and may be the notification key of a group.
    package static func mayBeKey(_ text: String) -> Bool {
        !text.isEmpty && !text.utf8.contains(UInt8(ascii: "@"))
    }

    /// The sender ID in an address; nil when the address names no app server.
    package static func senderID(in address: String) -> SenderID? {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, domains.contains(parts[1].lowercased()) else { return nil }
        return SenderID(String(parts[0]))
    }
}
