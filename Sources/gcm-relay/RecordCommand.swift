import ArgumentParser
import Command
import Foundation
import Journal
import Scenario

/// `gcm-relay record`
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Makes a scenario file of what a relay saw.",
        discussion: """
            Reads a relay's journal and writes a scenario that plays the upstream road again in \
            virtual time: connections, uploads and ACKs at their moments, and what every message \
            came to as what is expected.

            Exit codes: 0 the file is written, 64 usage, 65 the journal does not parse or has \
            nothing to play, 73 or 74 the file cannot be written.
            """)

    @Option(
        help: ArgumentHelp("The journal, an event on a line; -: standard input.", valueName: "file")
    )
    var journal: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The scenario file.", valueName: "file"))
    var output: String

    @Option(help: "The name of the play.")
    var name = "a recording"

    func run() async throws {
        try await Program.run {
            let recording = ScenarioRecording(try events())
            guard !recording.isEmpty else {
                throw CommandFailure(
                    .badData, "\(source): nobody connected or uploaded anything",
                    remedy: "record a relay while it has something to do")
            }
            if recording.leftOut > 0 {
                Talk.say(
                    "\(recording.leftOut) stanzas of the downstream road and receipts are not in "
                        + "\(output)")
            }
            try ReportOutput(path: output).write(Array(recording.text(name: name).utf8))
            return .done
        }
    }

    /// As messages call the journal.
    private var source: String { journal == "-" ? "standard input" : journal }

    private func events() throws(CommandFailure) -> [JournalEvent] {
        let data =
            journal == "-"
            ? try? FileHandle.standardInput.readToEnd() ?? Data()
            : FileManager.default.contents(atPath: journal)
        guard let data else {
            throw CommandFailure(
                .badData, "\(source) cannot be read",
                remedy: "name a journal: what serve or scenario run wrote, an event on a line")
        }
        do {
            return try JournalEvent.events(inLines: Array(data))
        } catch {
            throw CommandFailure(.badData, "\(source): \(error)")
        }
    }
}
