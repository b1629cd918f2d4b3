import ArgumentParser
import Command
import Foundation

/// `gcm-relay journal`
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Reads a running relay's journal (docs/journal.md).",
        subcommands: [JournalTail.self, JournalExport.self])
}

/// `gcm-relay journal tail`
struct JournalTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Prints events as they happen, until it is ended.")

    @OptionGroup var admin: AdminOptions

    @Option(help: "Only events that match: event=upstream.stanza and attempt>1.")
    var match: String?

    @Option(help: "Begin after the event of this number. (default: with the newest)")
    var after: Int?

    func run() async throws {
        try await Program.run {
            let client = try admin.client()
            var last = try after ?? JournalReader.newest(client)
            while true {
                // Long enough to be cheap; the relay answers as soon as there is something.
                let page = try JournalReader.page(client, after: last, match, wait: "30s")
                guard StandardOutput.print(page.lines) else { return .done }
                last = page.last
            }
        }
    }
}

/// `gcm-relay journal export`
struct JournalExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints every event that the relay has, an event a line.")

    @OptionGroup var admin: AdminOptions

    @Option(help: "Only events that match.")
    var match: String?

    @Option(name: .long, help: "A file instead of standard output.")
    var output: String?

    func run() async throws {
        try await Program.run {
            let client = try admin.client()
            guard let output else {
                try JournalReader.everything(client, match) { StandardOutput.print($0) }
                return .done
            }
            let file = try ReportOutput(path: output)
            try JournalReader.everything(client, match) { try file.write(Array($0.utf8)) }
            try file.finish()
            return .done
        }
    }
}

/// Pages of a journal.
enum JournalReader {
    static func page(
        _ client: AdminClient, after: Int, _ match: String?, wait: String?
    ) throws -> (lines: String, last: Int) {
        let answer = try client.need(
            "GET", "/v1/journal",
            query: [("after", "\(after)"), ("match", match), ("wait", wait), ("limit", "10000")])
        guard let last = answer.headers["journal-last-event"].flatMap({ Int($0) }) else {
            throw CommandFailure(.protocolBroken, "the relay does not say how far it read")
        }
        return (answer.text, last)
    }

    /// All that the journal has by now, page by page.
    static func everything(
        _ client: AdminClient, _ match: String?, _ take: (String) throws -> Void
    ) throws {
        let end = try newest(client)
        var last = 0
        while last < end {
            let page = try page(client, after: last, match, wait: nil)
            guard page.last > last else { break }
            last = page.last
            try take(page.lines)
        }
    }

    /// The number of the newest event.
    static func newest(_ client: AdminClient) throws -> Int {
        struct Count: Decodable {
            let lastEvent: Int
        }
        var body = JSONRequest()
        body.add("match", "event=process.started")
        return try client.need("POST", "/v1/messages/count", body: body.text)
            .decode(Count.self).lastEvent
    }
}
