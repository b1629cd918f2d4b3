import ArgumentParser
import CloudMessaging
import Command

/// `gcm-device subscribe`: messages to a topic, from now on.
struct SubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscribe",
        abstract: "Subscribe the app to a topic.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var subscription: TopicOptions

    func run() async throws {
        try await subscription.ask(AppRequest.subscribe, saying: "subscribed")
    }
}

/// `gcm-device unsubscribe`: no more messages to a topic.
struct UnsubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unsubscribe",
        abstract: "End a subscription of the app.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var subscription: TopicOptions

    func run() async throws {
        try await subscription.ask(AppRequest.unsubscribe, saying: "unsubscribed")
    }
}

/// What both ask about.
struct TopicOptions: ParsableArguments {
    @OptionGroup var options: AppRequestOptions

    @Argument(help: "The topic, such as news or /topics/news.")
    var topic: String

    /// Asks, and prints an event of this name when it is done.
    func ask(
        _ request: @escaping (TopicName) -> AppRequest, saying name: String
    ) async throws {
        try await Program.run {
            // With `/topics/` or without.
            guard let topic = TopicName(address: topic) ?? TopicName(topic) else {
                throw CommandFailure(
                    .usage, "\"\(topic)\" is no topic",
                    remedy: "use letters, digits, '-', '_', '.', '~' and '%', such as news")
            }
            return try await options.ask(
                request(topic), event: name, about: ("topic", topic.address))
        }
    }
}
