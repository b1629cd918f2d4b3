import CloudMessaging

/// What must arrive unchanged: ID, keys and values, byte for byte.
///
/// Strings would not do: Swift takes composed and decomposed letters for the same.
struct MessageContent: Hashable, Sendable {
    let messageID: [UInt8]
    /// Keys and values, ordered by key: the order of members means nothing in JSON.
    let data: [[[UInt8]]]

    /// From a line of the fixture or an `upstream` event, which have the same members; nil: it has
    /// no ID, or its data is no object of strings.
    init?(_ members: JSONMembers) {
        guard let messageID = members.string("message_id"), let data = members.bytes("data"),
            let pairs = DataPayload(json: data).pairs
        else { return nil }
        self.messageID = Array(messageID.utf8)
        self.data = pairs.map { [Array($0.key.utf8), Array($0.value.utf8)] }
            .sorted { $0[0].lexicographicallyPrecedes($1[0]) }
    }
}
