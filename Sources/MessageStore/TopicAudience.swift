package import CloudMessaging

extension TopicCondition {
    /// The registrations for which the condition is true, in order.
    ///
    /// - Parameters:
    ///   - subscribers: those of a topic, of the sender in question.
    ///   - everyone: all registrations of the sender; asked only where the condition is true for
    ///     somebody without subscriptions.
    package func audience(
        subscribers: (String) throws -> Set<Int64>, everyone: () throws -> Set<Int64>
    ) rethrows -> [Int64] {
        let topics = topics
        let subscribed = try topics.map(subscribers)
        let candidates =
            matches { _ in false }
            ? try everyone() : subscribed.dropFirst().reduce(subscribed[0]) { $0.union($1) }
        if case .topic = self { return candidates.sorted() }
        return candidates.sorted().filter { registration in
            matches { name in
                topics.firstIndex(where: name.hasSameBytes)
                    .map { subscribed[$0].contains(registration) } ?? false
            }
        }
    }
}
