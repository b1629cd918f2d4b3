/// For which registrations a message is: those for whose subscriptions the condition is true
/// (protocol sheet §3.7). A message to `/topics/news` has the condition `.topic("news")`.
package indirect enum TopicCondition: Hashable, Sendable {
    /// The name without `/topics/`, identified by its bytes.
    case topic(String)
    case and(TopicCondition, TopicCondition)
    case or(TopicCondition, TopicCondition)
    case not(TopicCondition)

    /// Whether the condition is true for somebody with these subscriptions.
    package func matches(_ isSubscribed: (String) -> Bool) -> Bool {
        switch self {
        case .topic(let name): isSubscribed(name)
        case .and(let left, let right): left.matches(isSubscribed) && right.matches(isSubscribed)
        case .or(let left, let right): left.matches(isSubscribed) || right.matches(isSubscribed)
        case .not(let condition): !condition.matches(isSubscribed)
        }
    }

    /// The topics that it names, each once, in the order of the text.
    package var topics: [String] {
        switch self {
        case .topic(let name):
            [name]
        case .and(let left, let right), .or(let left, let right):
            right.topics.reduce(into: left.topics) { topics, name in
                if !topics.contains(where: name.hasSameBytes) { topics.append(name) }
            }
        case .not(let condition):
            condition.topics
        }
    }
}
