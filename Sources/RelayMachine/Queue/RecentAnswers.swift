import CloudMessaging

/// The IDs of the requests that a connection's last answers named: who ACKs one of them has taken an
/// answer for a message.
struct RecentAnswers: Hashable {
    private var ids: [MessageID] = []
    private var oldest = 0

    mutating func append(_ id: MessageID) {
        if ids.count < Limits.rememberedAnswers {
            ids.append(id)
        } else {
            ids[oldest] = id
            oldest = (oldest + 1) % ids.count
        }
    }

    func contains(_ id: MessageID) -> Bool { ids.contains(id) }
}
