import CloudMessaging
package import Journal

/// Makes a scenario file of what a relay saw: who connected, what was uploaded, which ACKs came,
/// each at its time, and what every message came to as what is expected.
///
/// Only the upstream road is recorded. What else there was is counted, and said in the file.
package struct ScenarioRecording {
    private var cast: RecordedCast
    private var steps: [Step] = []
    private var outcomes = RecordedOutcomes()
    private var retry = RecordedRetry()
    private let start: Instant
    private let end: Instant
    /// Stanzas of the downstream road that are not in the file.
    package private(set) var leftOut = 0
    /// Whether anything happened that a scenario can have.
    package var isEmpty: Bool { steps.isEmpty }
    private var isRunning = true

    /// An ACK comes no earlier than this after it was seen: in virtual time a message may need
    /// longer for its way than it needed on one machine.
    private static let patience = Duration.milliseconds(50)

    private struct Step {
        let time: Duration
        let text: String
    }

    /// - Parameter events: of a relay's journal, in its order.
    package init(_ events: [JournalEvent]) {
        start = events.first?.instant ?? Instant(nanoseconds: 0)
        end = events.last?.instant ?? start
        cast = RecordedCast(events)
        for event in events { see(event) }
    }

    // MARK: What happened

    private mutating func see(_ event: JournalEvent) {
        switch event.kind {
        case .processStarted where event.actor == .relay: startRelay(event)
        case .processStopped where event.actor == .relay: endRelay("stops", event)
        case .processCrashed where event.actor == .relay: endRelay("crashes", event)
        case .connectionBound: bind(event)
        case .connectionClosed: close(event)
        case .upload: upload(event)
        case .upstreamAck: acknowledge(event)
        case .downstreamStanza, .receipt: leftOut += 1
        case .timerSet: retry.see(event)
        default: break
        }
        outcomes.see(event, sentBy: cast.device(with: event.from)?.name)
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
        cast.disconnectAll()
        add("relay: \(verb)", event)
    }

    private mutating func bind(_ event: JournalEvent) {
        guard let connection = event.connection else { return }
        if let sender = event.sender {
            let server = cast.connect(sender, as: connection)
            add("\(server.name): connects", event)
        } else {
            for device in cast.devices(of: event.actor) {
                add("\(device.name): goes-online", event)
            }
        }
    }

    private mutating func close(_ event: JournalEvent) {
        guard let connection = event.connection, isRunning else { return }
        let isReset = event.detail?.deed == "reset"
        if let server = cast.appServer(on: connection) {
            add("\(server.name): \(isReset ? "{disconnects: {how: reset}}" : "disconnects")", event)
            cast.disconnect(connection)
        } else {
            for device in cast.devices(of: event.actor) {
                add("\(device.name): goes-offline", event)
            }
        }
    }

    private mutating func upload(_ event: JournalEvent) {
        guard let device = cast.device(ofUpload: event), let id = event.messageID else { return }
        var message = "id: \(quoted(id.text))"
        if let sender = event.sender, sender != device.senders.first {
            message += ", to: \(quoted(sender.text))"
        }
        if let data = event.data, data != .empty {
            message += ", data: \(String(decoding: data.json, as: UTF8.self))"
        }
        add("\(device.name): {sends: {\(message)}}", event)
    }

    private mutating func acknowledge(_ event: JournalEvent) {
        guard let server = cast.appServer(on: event.connection), let id = event.messageID,
            let device = cast.device(with: event.from)
        else { return }
        add(
            "\(server.name): {acks: {id: \(quoted(id.text)), from: \(device.name)}}", event,
            after: Self.patience)
    }

    // MARK: The file

    /// The text of the scenario file.
    ///
    /// - Parameter name: of the play.
    package func text(name: String) -> String {
        var lines = [
            "scenario: \(quoted(name))",
            "about: recorded from a relay; the upstream road of \(length) ms",
        ]
        if leftOut > 0 {
            lines.append("# Left out: \(leftOut) stanzas of the downstream road and receipts.")
        }
        lines.append("driver: {virtual-only: the moments are those of a recording}")
        lines.append("ends: {after: \(length)ms}")
        if let retry = retry.text { lines.append("relay: {retry: \(retry)}") }
        lines.append("cast:")
        for device in cast.devices { lines.append(line(of: device)) }
        for server in cast.appServers {
            lines.append(
                "  \(server.name): {role: app-server, sender-id: \(quoted(server.sender.text)), "
                    + "ack: never, reconnect: never}")
        }
        lines.append("steps:")
        for step in steps {
            lines.append("  - at: \(milliseconds(step.time))ms")
            lines.append("    \(step.text)")
        }
        lines += outcomes.lines
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(of device: RecordedCast.Device) -> String {
        let senders = device.senders.map { quoted($0.text) }
        let text = senders.count == 1 ? senders[0] : "[\(senders.joined(separator: ", "))]"
        return "  \(device.name): {role: device, app: \(quoted(device.category.text)), "
            + "sender-id: \(text)}"
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
