import ArgumentParser
import Command
import Foundation

/// `gcm-relay verify FILE`
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judges the expectations of a scenario file on a running relay's journal.",
        discussion: "Ends with 0 if all are met, with 1 if not, with 65 if the file is wrong.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "A file with cast and expect, as in docs/scenarios.md; - is standard input.")
    var file: String

    @Option(help: "So long the expectations may become true.")
    var timeout = "0s"

    @Flag(help: "Print the verdicts as JSON.")
    var json = false

    func run() async throws {
        try await Program.run {
            let data =
                file == "-"
                ? FileHandle.standardInput.readDataToEndOfFile()
                : FileManager.default.contents(atPath: file)
            guard let data else {
                throw CommandFailure(.badData, "\(file) cannot be read")
            }
            let client = try admin.client()
            let answer = try client.ask(
                "POST", "/v1/messages/verify", query: [("file", file), ("timeout", timeout)],
                body: String(decoding: data, as: UTF8.self))
            guard [200, 409].contains(answer.status) else {
                let failure = try client.failure(answer)
                let status: ExitStatus = answer.status == 400 ? .badData : failure.status
                throw CommandFailure(status, failure.problem, remedy: failure.remedy)
            }
            let verdicts = try answer.decode(Verdicts.self).verdicts
            StandardOutput.print(json ? answer.text : verdicts.map(\.text).joined())
            return answer.status == 200 ? .done : .failed
        }
    }

    private struct Verdicts: Decodable {
        let verdicts: [Verdict]
    }

    private struct Verdict: Decodable {
        let expectation: String
        let place: String
        let met: Bool
        let found: String
        let details: [String]?

        var text: String {
            guard !met else { return "ok     \(expectation)\n" }
            let lines = ["FAILED \(expectation)", "  at \(place)", "  came: \(found)"]
            return (lines + (details ?? []).map { "  \($0)" }).joined(separator: "\n") + "\n"
        }
    }
}
