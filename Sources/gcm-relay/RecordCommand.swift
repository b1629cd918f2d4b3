import ArgumentParser
import Command
import Foundation
import Journal
import Scenario
import Simulator

/// `gcm-relay record`
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Makes a scenario file of what a relay saw.",
        discussion: """
            Reads the journal of a running relay, or one in a file, and writes a scenario that plays \
            it again in virtual time: connections, uploads, messages to devices and ACKs at their \
            moments, and what every message came to as what is expected.

            Exit codes: 0 the file is written, 64 usage, 65 the journal does not parse or has \
            nothing to play, 69 no relay answers, 73 or 74 the file cannot be written.
            """)

    @OptionGroup var admin: AdminOptions

    @Option(
        help: ArgumentHelp(
            "A journal instead of a running relay's: a file with an event on a line; -: standard "
                + "input.", valueName: "file"))
    var journal: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The scenario file.", valueName: "file"))
    var output: String

    @Option(help: "The name of the play.")
    var name = "a recording"

    func validate() throws {
        guard journal == nil || admin.admin == nil else {
            throw ValidationError("--journal and --admin are two journals; leave one of them out")
        }
    }

    func run() async throws {
        try await Program.run {
            let source = try source()
            try refuseOverwriting()
            var recording = ScenarioRecording(try source.events())
            guard !recording.isEmpty else {
                throw CommandFailure(
                    .badData, "\(source.name): nobody connected or uploaded anything",
                    remedy: source.remedy)
            }
            let failure = try rehearse(&recording)
            let file = try ReportOutput(path: output)
            try file.write(Array(recording.text(name: name).utf8))
            try file.finish()
            if recording.leftOut > 0 { Talk.say("not in \(output): \(recording.leftOutText)") }
            if recording.otherFaults > 0 { Talk.say(recording.otherFaultsText) }
            if recording.forgotten > 0 { Talk.say(recording.forgottenText) }
            if recording.unmet > 0 { Talk.say(recording.unmetText) }
            if let failure { Talk.say("a play of \(output) breaks off: \(failure)") }
            if recording.expectsNothing {
                Talk.say("\(output) expects nothing: write what must come of it (expect)")
            }
            return .done
        }
    }

    /// - Returns: why a play of the file breaks off; nil: it does not.
    private func rehearse(
        _ recording: inout ScenarioRecording
    ) throws(CommandFailure) -> PlayFailure? {
        do {
            return try recording.rehearse { ScenarioRun(playing: $0, path: output) }
        } catch {
            throw CommandFailure(
                .badData, "what was seen is no scenario: \(error)",
                remedy: "record less: gcm-relay journal export --match MATCH, then record --journal"
            )
        }
    }

    private func refuseOverwriting() throws(CommandFailure) {
        guard let journal, journal != "-",
            ReportRequest.place(of: journal) == ReportRequest.place(of: output)
        else { return }
        throw CommandFailure(
            .usage, "\(output) is the journal that is read", remedy: "write -o with another file")
    }

    private func source() throws(CommandFailure) -> JournalSource {
        switch journal {
        case "-": .standardInput
        case .some(let path): .file(path)
        case nil: .relay(try admin.client())
        }
    }
}

/// Where a recording's journal comes from.
private enum JournalSource {
    case relay(AdminClient)
    case file(String)
    case standardInput

    /// As messages call it.
    var name: String {
        switch self {
        case .relay(let client): "the relay at \(client.url)"
        case .file(let path): path
        case .standardInput: "standard input"
        }
    }

    /// What to do about a journal in which there is nothing.
    var remedy: String {
        switch self {
        case .relay:
            "record a relay that has had something to do, and has a journal (--journal-limit)"
        case .file, .standardInput: "record a relay while it has something to do"
        }
    }

    func events() throws -> [JournalEvent] {
        let lines = try lines()
        do {
            return try JournalEvent.events(inLines: lines)
        } catch {
            throw CommandFailure(
                .badData, "\(name):\(error)",
                remedy: "a journal has an event on a line, as docs/journal.md shows")
        }
    }

    private func lines() throws -> [UInt8] {
        let data: Data?
        switch self {
        case .relay(let client):
            var text = ""
            try JournalReader.everything(client, nil) { text += $0 }
            return Array(text.utf8)
        case .file(let path): data = FileManager.default.contents(atPath: path)
        case .standardInput: data = try? FileHandle.standardInput.readToEnd() ?? Data()
        }
        guard let data else {
            throw CommandFailure(
                .badData, "\(name) cannot be read",
                remedy: "name a journal: what serve or scenario run wrote, an event on a line")
        }
        return Array(data)
    }
}
