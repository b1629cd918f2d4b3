import CloudMessaging
import Hummingbird
import Journal
import RelayService
import Scenario

/// What has come, and what is waited for.
extension AdminRoute {
    static let search = [
        AdminRoute(.post, "/v1/messages/wait") { request, context in
            let (match, wanted, time, after) = try await question(request)
            let least = wanted ?? 1
            let finding = try await context.control.find(match, after: after, within: time) {
                $0.count >= least
            }
            return try answer(
                finding, isMet: finding.count >= least, match, "at least \(least)")
        },
        AdminRoute(.post, "/v1/messages/count") { request, context in
            let (match, wanted, time, after) = try await question(request, time: .zero)
            let finding = try await context.control.find(match, after: after, within: time) {
                $0.count == wanted ?? $0.count
            }
            return try answer(
                finding, isMet: finding.count == wanted ?? finding.count, match,
                "\(wanted ?? 0)")
        },
        AdminRoute(.post, "/v1/messages/verify", verify),
    ]

    /// Longer than that nobody waits on one connection.
    private static let longestWait = Duration.seconds(600)

    private static func question(
        _ request: AdminRequest, time: Duration = .seconds(5)
    ) async throws -> (Match, count: Int?, time: Duration, after: UInt64) {
        try request.checkQuery()
        let body = try await request.json(["match", "count", "timeout", "after"])
        let match = try Match.parse(try body.need("match", try body.text("match")))
        let count = try body.integer("count", in: 0...1_000_000_000)
        let timeout = try wait(body) ?? time
        let after = try body.integer("after", in: 0...Int.max) ?? 0
        return (match, count, timeout, UInt64(after))
    }

    private static func wait(_ body: JSONBody) throws(AdminError) -> Duration? {
        guard let time = try body.duration("timeout") else { return nil }
        guard time <= longestWait else {
            throw .badRequest(
                "timeout is \(DurationText.text(of: time))",
                hint: "wait at most \(DurationText.text(of: longestWait)), and ask again")
        }
        return time
    }

    private static func answer(
        _ finding: RelayControl.Finding, isMet: Bool, _ match: Match, _ wanted: String
    ) throws(AdminError) -> Response {
        guard isMet else {
            var details = [("count", Array("\(finding.count)".utf8))]
            details.append(("nearest", JSONList.bytes(finding.nearest.map(JSONList.text))))
            throw AdminError(
                status: .conflict, code: "not_met",
                message: "\(finding.count) match, not \(wanted): \(match)",
                hint: finding.hasGap
                    ? "the journal forgot events; raise --journal-limit"
                    : finding.nearest.first ?? "nothing came near",
                details: details)
        }
        return Response {
            $0.add("count", finding.count)
            if match.asksOfEvents {
                $0.add("events", list: finding.events.map(\.json))
            } else {
                $0.add("messages", list: finding.messages.map(\.json))
            }
            $0.add("last_event", finding.lastEvent)
        }
    }

    // MARK: Expectations

    @Sendable
    private static func verify(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Response {
        try request.checkQuery(["timeout", "file"])
        let time = try request.duration("timeout") ?? .zero
        guard time <= longestWait else {
            throw AdminError.badRequest(
                "timeout is too long",
                hint: "wait at most \(DurationText.text(of: longestWait))")
        }
        guard let text = String(validating: try await request.body(), as: UTF8.self) else {
            throw AdminError.badRequest("the body is no UTF-8", hint: "send YAML or JSON")
        }
        let file: ExpectationFile
        do {
            file = try ExpectationFile.read(text, path: request.text("file") ?? "body")
        } catch {
            throw AdminError.badRequest(
                "\(error)", hint: "send the cast and expect of a scenario file (docs/scenarios.md)")
        }
        let (evidence, verdicts) = try await judge(file, context, within: time)
        let isMet = verdicts.allSatisfy(\.isMet)
        let list = JSONList.bytes(verdicts.map { $0.json(on: evidence) })
        guard isMet else {
            let unmet = verdicts.count { !$0.isMet }
            throw AdminError(
                status: .conflict, code: "not_met",
                message: "\(unmet) of \(verdicts.count) expectations are not met",
                hint: "each verdict says what came instead, and what came near",
                details: [("verdicts", list)])
        }
        return Response { $0.add("verdicts", json: list) }
    }

    private static func judge(
        _ file: ExpectationFile, _ context: AdminContext, within time: Duration
    ) async throws -> (Evidence, [Verdict]) {
        let control = context.control
        return try await control.poll(within: time) {
            let (events, hasGap) = try await control.allEvents()
            let evidence = Evidence(events, vantage: .relay, hasGap: hasGap)
            return (evidence, file.verdicts(on: evidence))
        } until: {
            $0.1.allSatisfy(\.isMet)
        } lastEvent: {
            $0.0.events.last?.number ?? 0
        }
    }
}

extension Verdict {
    fileprivate func json(on evidence: Evidence) -> [UInt8] {
        var object = JSONObjectWriter()
        object.add("expectation", expectation.sentence)
        object.add("place", "\(expectation.place)")
        object.add("met", isMet)
        object.add("found", found)
        if !isMet { object.add("details", texts: details(on: evidence)) }
        object.end()
        return object.bytes
    }
}
