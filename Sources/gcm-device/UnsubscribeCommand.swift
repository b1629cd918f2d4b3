import ArgumentParser
import CloudMessaging
import Command

/// `gcm-device unsubscribe`: no more messages to a topic.
struct UnsubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unsubscribe",
        abstract: "End a subscription of the app.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var options: AppRequestOptions

    @Argument(help: "The topic, such as news or /topics/news.")
    var topic: String

    func run() async throws {
        try await Program.run {
            let topic = try AppRequestOptions.topic(topic)
            var event = EventLine("unsubscribed", at: .now)
            event.add("topic", topic.address)
            return try await options.ask(.unsubscribe(topic), event: event)
        }
    }
}
