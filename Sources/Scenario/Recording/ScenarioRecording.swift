import CloudMessaging
package import Journal

/// Makes a scenario file of what a relay saw: who connected, what was uploaded, what was sent to
/// devices, which ACKs came, each at its time, and what every message came to as what is expected.
///
/// What a scenario cannot do again is counted, and said in the file.
package struct ScenarioRecording {
    private var cast: RecordedCast
    private let requests: RecordedRequests
    private let fates: RecordedFates
    private let stalls: RecordedStalls
    private var steps: [Step] = []
    private var outcomes = RecordedOutcomes()
    private var expected: [(line: String, rest: String?)] = []
    /// Expectations that a play of the file did not meet, and that are not in it.
    package private(set) var unmet = 0
    /// Messages to devices that the file has sent.
    private var sent: Set<Int64> = []
    /// The places of the requests that the file makes.
    private var made: Set<Int> = []
    private var retry = RecordedRetry()
    private let start: Instant
    private let end: Instant
    /// Requests of app servers that are not in the file: to topics, groups and strangers, and what was
    /// refused.
    package private(set) var leftOut = 0
    /// Events that the journal had forgotten when it was read, from its beginning.
    package let forgotten: UInt64
    /// Whether anything happened that a scenario can have.
    package var isEmpty: Bool { steps.isEmpty }
    private var isRunning = true

    /// As near to the relay as on its own machine.
    private static let network = "network: {latency: 0ms}"

    /// What answers something or ends it comes so much later than it was seen: in virtual time a message
    /// may need longer for its way than it needed on one machine.
    private static let patience = Duration.milliseconds(50)

    private struct Step {
        let time: Duration
        let text: String
    }

    /// - Parameter events: of a relay's journal, in its order.
    package init(_ events: [JournalEvent]) {
        start = events.first?.instant ?? Instant(nanoseconds: 0)
        end = events.last?.instant ?? start
        forgotten = events.first.map { max($0.number, 1) - 1 } ?? 0
        let recorded = RecordedEvent.all(events)
        cast = RecordedCast(recorded)
        requests = RecordedRequests(recorded)
        fates = RecordedFates(recorded)
        stalls = RecordedStalls(recorded)
        for event in recorded { see(event) }
        expected = outcomes.claims
    }

    // MARK: What happened

    private mutating func see(_ recorded: RecordedEvent) {
        let event = recorded.event
        switch event.kind {
        case .processStarted where event.actor == .relay: startRelay(event)
        case .processStopped where event.actor == .relay: endRelay("stops", event)
        case .processCrashed where event.actor == .relay: endRelay("crashes", event)
        case .connectionBound: bind(event)
        case .connectionClosed: close(event)
        case .upload: upload(recorded)
        case .upstreamStanza, .receipt: expectAppServer(event)
        case .upstreamAck where fates.lostAcknowledgements.contains(recorded.place): break
        case .upstreamAck: acknowledge(event)
        case .downstreamStanza: request(recorded)
        case .timerSet: retry.see(event)
        default: break
        }
        if stalls.places.contains(recorded.place) { stopReading(event) }
        seeOutcome(recorded)
    }

    private mutating func stopReading(_ event: JournalEvent) {
        guard let server = cast.appServer(on: event.connection) else { return }
        add("\(server.name): stops-reading", event, after: Self.patience)
    }

    private mutating func seeOutcome(_ recorded: RecordedEvent) {
        let event = recorded.event
        if event.direction == .downstream {
            guard let message = event.message else { return }
            if let cause = recorded.cause, made.contains(cause) { sent.insert(message) }
            guard sent.contains(message) else { return }
        }
        outcomes.see(event, of: cast.device(with: event.from)?.name)
    }

    private mutating func add(_ text: String, _ event: JournalEvent, after: Duration = .zero) {
        let time = start.duration(to: event.instant) + after
        // Steps run in order.
        steps.append(Step(time: max(time, steps.last?.time ?? .zero), text: text))
    }

    private mutating func startRelay(_ event: JournalEvent) {
        guard event.instant > start || !isRunning else { return }
        if isRunning { endRelay("crashes", event) }
        isRunning = true
        add("relay: restarts", event)
    }

    private mutating func endRelay(_ verb: String, _ event: JournalEvent) {
        guard isRunning else { return }
        isRunning = false
        let devices = cast.devicesOnline
        cast.disconnectAll()
        add("relay: \(verb)", event)
        // When they come back is in the journal, and not for their libraries to say.
        for device in devices { add("\(device.name): goes-offline", event) }
    }

    private mutating func bind(_ event: JournalEvent) {
        if event.sender != nil {
            expectAppServer(event)
        } else {
            expectDevice(event)
        }
    }

    /// Whose connection the recording has not seen before connects now: a journal that had forgotten
    /// its beginning begins with connections that were there.
    private mutating func expectAppServer(_ event: JournalEvent) {
        guard let connection = event.connection, let sender = event.sender,
            cast.appServer(on: connection) == nil
        else { return }
        add("\(cast.connect(sender, as: connection).name): connects", event)
    }

    /// The same for a device.
    private mutating func expectDevice(_ event: JournalEvent) {
        guard let connection = event.connection else { return }
        if !cast.isOnline(event.actor) {
            for device in cast.devices(of: event.actor) {
                add("\(device.name): goes-online", event)
            }
        }
        cast.goOnline(event.actor, as: connection)
    }

    private mutating func close(_ event: JournalEvent) {
        guard let connection = event.connection, isRunning else { return }
        let isReset = event.detail?.deed == "reset"
        if let server = cast.appServer(on: connection) {
            add(
                "\(server.name): \(isReset ? "{disconnects: {how: reset}}" : "disconnects")", event,
                after: Self.patience)
            cast.disconnect(connection)
        } else if cast.goOffline(event.actor, from: connection) {
            for device in cast.devices(of: event.actor) {
                add("\(device.name): goes-offline", event, after: Self.patience)
            }
        }
    }

    private mutating func upload(_ recorded: RecordedEvent) {
        let event = recorded.event
        guard let device = cast.device(ofUpload: recorded), let id = event.messageID
        else { return }
        expectDevice(event)
        // The library of the device in the play does the same.
        guard !fates.repeatedUploads.contains(recorded.place) else { return }
        var message = "id: \(quoted(id.text))"
        if let sender = event.sender, sender != device.senders.first {
            message += ", to: \(quoted(sender.text))"
        }
        if let data = event.data, data != .empty {
            message += ", data: \(String(decoding: data.json, as: UTF8.self))"
        }
        if let seconds = fates.timeToLive(of: recorded) { message += ", ttl: \(seconds)s" }
        add("\(device.name): {sends: {\(message)}}", event)
    }

    private mutating func request(_ recorded: RecordedEvent) {
        let event = recorded.event
        expectAppServer(event)
        let device = cast.device(with: event.from).flatMap { cast.wasOnline($0.actor) ? $0 : nil }
        guard let server = cast.appServer(on: event.connection),
            let step = requests.step(for: recorded, to: device)
        else {
            leftOut += 1
            return
        }
        made.insert(recorded.place)
        add("\(server.name): \(step)", event, after: Self.patience)
    }

    private mutating func acknowledge(_ event: JournalEvent) {
        expectAppServer(event)
        guard let server = cast.appServer(on: event.connection), let id = event.messageID
        else { return }
        if requests.isOfReceipt(event) {
            // Its delivery came later, too.
            var json = JSONObjectWriter()
            json.add("to", RegistrationToken.receipts.text)
            json.add("message_id", id.text)
            json.add("message_type", "ack")
            json.end()
            let text = quoted(String(decoding: json.bytes, as: UTF8.self))
            add("\(server.name): {writes: {json: \(text)}}", event, after: Self.patience * 2)
        } else if let device = cast.device(with: event.from) {
            add(
                "\(server.name): {acks: {id: \(quoted(id.text)), from: \(device.name)}}", event,
                after: Self.patience)
        }
    }

    // MARK: The file

    /// The text of the scenario file.
    ///
    /// - Parameter name: of the play.
    package func text(name: String) -> String {
        var lines = [
            "scenario: \(quoted(name))",
            "about: recorded from a relay; \(length) ms of its journal",
        ]
        if leftOut > 0 {
            lines.append("# Left out: \(leftOutText).")
        }
        if otherFaults > 0 { lines.append("# \(otherFaultsText).") }
        if forgotten > 0 {
            lines.append("# \(forgottenText).")
        }
        lines.append("driver: {virtual-only: the moments are those of a recording}")
        lines.append("ends: {after: \(length)ms}")
        if let retry = retry.text { lines.append("relay: {retry: \(retry)}") }
        lines.append("cast:")
        for device in cast.devices { lines.append(line(of: device)) }
        for server in cast.appServers {
            lines.append(
                "  \(server.name): {role: app-server, sender-id: \(quoted(server.sender.text)), "
                    + "ack: never, reconnect: never, \(Self.network)}")
        }
        lines.append("steps:")
        for step in steps {
            lines.append("  - at: \(milliseconds(step.time))ms")
            lines.append("    \(step.text)")
        }
        if unmet > 0 { lines.append("# \(unmetText).") }
        if !expected.isEmpty { lines += ["expect:"] + expected.map(\.line) }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: The rehearsal

    /// Whether the file expects nothing.
    package var expectsNothing: Bool { expected.isEmpty }

    /// Plays the file, and keeps of what is expected what comes: delays with jitter, and settings that
    /// are in no journal, may make it another.
    ///
    /// - Throws: the file does not parse; it is too big for a scenario.
    /// - Returns: why a play of the file breaks off; nil: it does not.
    package mutating func rehearse(
        _ play: (ScenarioFile) -> ScenarioRun
    ) throws(ScenarioFileError) -> PlayFailure? {
        let run = play(try rehearsed())
        if !run.verdicts.allSatisfy(\.isMet) {
            expected = zip(expected, run.verdicts).compactMap { claim, verdict in
                verdict.isMet ? claim : claim.rest.map { ($0, nil) }
            }
            let count = run.verdicts.count
            let verdicts = try rehearsed().verdicts(on: run.evidence)
            expected = zip(expected, verdicts).filter(\.1.isMet).map(\.0)
            unmet = count - expected.count
        }
        return run.failure
    }

    private func rehearsed() throws(ScenarioFileError) -> ScenarioFile {
        try ScenarioFile.read(text(name: ""), path: "the recording")
    }

    /// What did not come.
    package var unmetText: String {
        "Left out: \(unmet) messages that in virtual time come to something else"
    }

    /// What is left out, and why.
    package var leftOutText: String {
        "\(leftOut) requests of app servers, to topics, groups or strangers, or refused"
    }

    /// Faults that bit and are not in the file; an ACK that was dropped just does not come.
    package var otherFaults: Int { fates.otherFaults }

    /// What may come out otherwise than it was.
    package var otherFaultsText: String {
        "Left out: \(otherFaults) faults; what they did is not done again"
    }

    /// What cannot be in the file.
    package var forgottenText: String {
        "The journal begins with event \(forgotten + 1): what was before had been forgotten"
    }

    private func line(of device: RecordedCast.Device) -> String {
        let senders = device.senders.map { quoted($0.text) }
        let text = senders.count == 1 ? senders[0] : "[\(senders.joined(separator: ", "))]"
        return "  \(device.name): {role: device, app: \(quoted(device.category.text)), "
            + "sender-id: \(text), \(Self.network)}"
    }

    /// In milliseconds; a little longer than the last step.
    private var length: Int64 {
        let last = max(start.duration(to: end), steps.last?.time ?? .zero)
        return milliseconds(last + Self.patience)
    }

    private func milliseconds(_ duration: Duration) -> Int64 {
        duration.wholeNanoseconds / 1_000_000
    }
}

/// A text as JSON, which YAML reads as well.
func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONStrings.append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}
