import ArgumentParser
import CloudMessaging
import Command

/// `gcm-device join`: the app becomes a member of a device group.
struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Join a device group of the sender, and print its notification key.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var membership: GroupOptions

    func run() async throws {
        // The answer's own event has the notification key.
        try await membership.ask(AppRequest.joinGroup, saying: nil)
    }
}

/// `gcm-device leave`: the app is a member no more.
struct LeaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leave",
        abstract: "Leave a device group; without its last member it is gone.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var membership: GroupOptions

    func run() async throws {
        try await membership.ask(AppRequest.leaveGroup, saying: "group_left")
    }
}

/// What both ask about.
struct GroupOptions: ParsableArguments {
    @OptionGroup var options: AppRequestOptions

    @Argument(help: "The group's name; who joins first makes it.")
    var group: String

    /// Asks, and prints an event of this name, if there is one, when it is done.
    func ask(
        _ request: @escaping (GroupName, SenderID) -> AppRequest, saying name: String?
    ) async throws {
        try await Program.run {
            let (_, to) = try options.options.sender()
            guard let group = GroupName(group), let sender = UpstreamAddress.senderID(in: to) else {
                throw CommandFailure(
                    .usage, "\"\(group)\" is no group's name",
                    remedy: "a name has 1 to \(Limits.groupNameBytes.upperBound) bytes")
            }
            return try await options.ask(
                request(group, sender), event: name, about: ("group", group.text))
        }
    }
}
