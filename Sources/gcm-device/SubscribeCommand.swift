import ArgumentParser
import CloudMessaging
import Command

/// `gcm-device subscribe`: messages to a topic, from now on.
struct SubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscribe",
        abstract: "Subscribe the app to a topic.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var options: AppRequestOptions

    @Argument(help: "The topic, such as news or /topics/news.")
    var topic: String

    func run() async throws {
        try await Program.run {
            let topic = try AppRequestOptions.topic(topic)
            var event = EventLine("subscribed", at: .now)
            event.add("topic", topic.address)
            return try await options.ask(.subscribe(topic), event: event)
        }
    }
}
