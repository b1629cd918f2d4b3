import CloudMessaging
import Hummingbird
import Journal
import NIOCore
import NetworkRuntime
import RelayMachine
import RelayService

/// What happened, as lines and as a stream.
extension AdminRoute {
    static let journal = [
        AdminRoute(.get, "/v1/journal", readJournal),
        AdminRoute(.delete, "/v1/journal") { request, context in
            try request.checkQuery()
            try await context.control.clearJournal()
            return Response { $0.add("cleared", true) }
        },
        AdminRoute(.get, "/v1/events", streamEvents),
    ]

    /// A page; waits for the first line of it if it may. The header `Journal-Last-Event` tells the
    /// number up to which was searched, whatever matched.
    @Sendable
    private static func readJournal(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Response {
        try request.checkQuery(["after", "limit", "match", "wait"])
        let after = UInt64(try request.integer("after", in: 0...Int.max) ?? 0)
        let limit = try request.integer("limit", in: 1...100_000) ?? 1_000
        let match = try request.match()
        let time = min(try request.duration("wait") ?? .zero, .seconds(60))
        let control = context.control
        let page = try await control.poll(within: time) {
            try await lines(control, after: after, limit: limit, match)
        } until: { page in
            !page.lines.isEmpty
        } lastEvent: { page in
            page.last
        }
        var response = Response(bytes: page.lines, type: "application/x-ndjson")
        if let name = HTTPFields.Element.Name("Journal-Last-Event") {
            response.headers[name] = "\(page.last)"
        }
        return response
    }

    private static func lines(
        _ control: RelayControl, after number: UInt64, limit: Int, _ match: Match?
    ) async throws -> (lines: [UInt8], last: UInt64) {
        var (last, count) = (number, 0)
        var lines: [UInt8] = []
        while count < limit {
            let page = try await control.events(after: last)
            guard !page.events.isEmpty else { break }
            for event in page.events where count < limit {
                last = event.number
                guard match?.accepts(event) ?? true else { continue }
                event.appendLine(to: &lines)
                count += 1
            }
        }
        return (lines, last)
    }

    // MARK: The stream

    /// Between two updates: at most four a second.
    private static let updateSpacing = Duration.milliseconds(250)
    /// Silence after which a comment is sent, so that who has gone is noticed.
    private static let longestSilence = Duration.seconds(10)
    /// Events that one update shows; what is skipped is counted.
    private static let eventsPerUpdate = 200

    @Sendable
    private static func streamEvents(
        _ request: AdminRequest, _ context: AdminContext
    ) async throws -> Response {
        try request.checkQuery(["after"])
        let control = context.control
        let newest = try await control.lastEvent()
        let asked = try request.integer("after", in: 0...Int.max).map { UInt64($0) }
        let after = try resumption(request, newest: newest) ?? asked ?? newest
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                var last = after
                // The relay's end is the stream's.
                while let update = try? await update(context, after: last) {
                    last = update.last
                    try await writer.write(ByteBuffer(bytes: update.text))
                    try await Task.sleep(for: updateSpacing)
                    try? await control.journalGrows(after: last, within: longestSilence)
                }
                try await writer.finish(nil)
            })
    }

    /// Where a browser goes on that had the stream before: it asks for the same address again, and
    /// says in a header what it has had. A journal that is not there yet began anew meanwhile.
    private static func resumption(
        _ request: AdminRequest, newest: UInt64
    ) throws(AdminError) -> UInt64? {
        guard let text = request.header("Last-Event-ID") else { return nil }
        guard let number = UInt64(text) else {
            throw .badRequest(
                "Last-Event-ID \"\(text)\" is no event's number", hint: "give a whole number")
        }
        return number > newest ? 0 : number
    }

    /// Server-sent events: the newest lines of the journal since the last update, and the totals.
    private static func update(
        _ context: AdminContext, after number: UInt64
    ) async throws -> (text: [UInt8], last: UInt64) {
        let control = context.control
        let status = try await context.relay.status()
        let newest = try await control.lastEvent()
        let shown = UInt64(eventsPerUpdate)
        let start = newest > number + shown ? newest - shown : number
        let events = try await control.events(after: start, limit: eventsPerUpdate).events
        var text: [UInt8] = []
        for event in events {
            text += Array("id: \(event.number)\nevent: journal\ndata: ".utf8)
            event.appendLine(to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        var totals = JSONObjectWriter()
        totals.add("queued", status.counters.queued)
        totals.add("in_flight", status.counters.inFlight)
        totals.add("settled", status.counters.settled)
        totals.add("connections", status.connections)
        totals.add("devices", status.devices)
        totals.add("skipped", start - number)
        totals.end()
        text += Array("event: totals\ndata: ".utf8) + totals.bytes + Array("\n\n".utf8)
        return (text, events.last?.number ?? max(number, start))
    }
}

extension JournalEvent {
    /// The event as its line without the line feed.
    var json: [UInt8] {
        var line: [UInt8] = []
        appendLine(to: &line)
        line.removeLast()
        return line
    }
}
