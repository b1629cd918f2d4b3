import CloudMessaging

/// What was wrong with an ACK that settled nothing: looked for only then.
extension SenderQueue {
    func fault(of pair: MessagePair, on id: ConnectionID) -> AcknowledgementFault {
        if let flight = pairs[pair]?.flight {
            return flight.latest.map { .wrongConnection(carrier: $0) } ?? .tooLate
        }
        guard let position = positions[id] else { return .unknownMessage }
        let carried = connections[position].window.messages
        if let receipt = carried.first(where: { message in
            message.kind == .receipt && message.id == .receipt(for: pair.id)
        }) {
            return .strippedPrefix(expected: receipt.id)
        }
        if let message = carried.first(where: { $0.id == pair.id }) {
            return .wrongAddressee(expected: message.pair.token)
        }
        return connections[position].recentAnswers.contains(pair.id) ? .ofAnswer : .unknownMessage
    }

    /// A request was answered on a connection.
    mutating func answered(_ request: MessageID, on id: ConnectionID) {
        guard let position = positions[id] else { return }
        connections[position].recentAnswers.append(request)
    }
}
