import ArgumentParser
import CloudMessaging
import Command

/// `gcm-device join`: the app becomes a member of a device group.
struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Join a device group of the sender, and print its notification key.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var options: AppRequestOptions

    @Argument(help: "The group's name; it is made if there is none.")
    var group: String

    func run() async throws {
        try await Program.run {
            let (name, sender) = try options.group(group)
            return try await options.ask(.joinGroup(name, of: sender))
        }
    }
}

/// `gcm-device leave`: the app is a member no more.
struct LeaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leave",
        abstract: "Leave a device group; without its last member it is gone.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var options: AppRequestOptions

    @Argument(help: "The group's name.")
    var group: String

    func run() async throws {
        try await Program.run {
            let (name, sender) = try options.group(group)
            var event = EventLine("group_left", at: .now)
            event.add("group", name.text)
            return try await options.ask(.leaveGroup(name, of: sender), event: event)
        }
    }
}

extension AppRequestOptions {
    /// The group of an argument, and whose it is.
    fileprivate func group(_ text: String) throws(CommandFailure) -> (GroupName, SenderID) {
        let (_, to) = try options.sender()
        guard let name = GroupName(text), let sender = UpstreamAddress.senderID(in: to) else {
            throw CommandFailure(
                .usage, "\"\(text)\" is no group's name",
                remedy: "a name has 1 to \(Limits.groupNameBytes.upperBound) bytes")
        }
        return (name, sender)
    }
}
