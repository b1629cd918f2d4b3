import CloudMessaging
import Journal

/// Expectations as sentences, for reports and plays.
enum Phrases {
    static func expectation(_ expectation: Expectation) -> String {
        switch expectation.claim {
        case .seen(let sighting, .never, let window):
            "never: \(self.sighting(sighting))\(self.window(window))"
        case .seen(let sighting, let tally, let window):
            "\(self.sighting(sighting)), \(self.tally(tally))\(self.window(window))"
        case .order(let sightings):
            "in this order: \(sightings.map(self.sighting).joined(separator: "; then "))"
        case .outcome(let outcome): self.outcome(outcome)
        }
    }

    // MARK: Numbers

    /// Minutes as such, where they are whole and several.
    static func time(_ duration: Duration) -> String {
        let (seconds, rest) = duration.components
        guard seconds >= 120, seconds.isMultiple(of: 60), !seconds.isMultiple(of: 3_600), rest == 0
        else { return DurationText.text(of: duration) }
        return "\(seconds / 60)m"
    }

    static func times(_ count: Int) -> String {
        switch count {
        case 0: "not at all"
        case 1: "once"
        case 2: "twice"
        default: "\(count) times"
        }
    }

    static func attempts(_ count: Int) -> String {
        count == 1 ? "1 attempt" : "\(count) attempts"
    }

    static func tally(_ tally: Tally) -> String {
        switch (tally.least, tally.most) {
        case (let least, let most?) where least == most: times(least)
        case (0, let most?): "at most \(times(most))"
        case (0, nil): "any number of times"
        case (let least, nil): "at least \(times(least))"
        case (let least, let most?): "\(least) to \(most) times"
        }
    }

    private static func window(_ window: Window) -> String {
        var text = ""
        if let after = window.after { text += ", after \(sighting(after))" }
        if let before = window.before { text += ", before \(sighting(before))" }
        if let within = window.within { text += ", within \(Phrases.time(within))" }
        return text
    }

    // MARK: Messages

    private static func outcome(_ outcome: MessageOutcome) -> String {
        let whose = outcome.device.map { " of \($0)" } ?? ""
        let state = outcome.state.map { " is \($0.rawValue) in the end" } ?? ""
        let attempts =
            outcome.attempts.map { tally -> String in
                switch (tally.least, tally.most) {
                case (let least, let most?) where least == most: self.attempts(least)
                case (let least, nil): "\(self.attempts(least)) or more"
                case (let least, let most?): "\(least) to \(self.attempts(most))"
                }
            }
        let after = attempts.map { state.isEmpty ? " takes \($0)" : ", after \($0)" } ?? ""
        return "\(outcome.id)\(whose)\(state)\(after)"
    }

    /// What is said of a message: its ID, and what narrows it.
    private static func message(_ traits: MessageTraits, other: String = "from") -> String {
        var text = traits.id?.text ?? "a message"
        if let category = traits.category { text += " of \(category)" }
        if let device = traits.device { text += " \(other) \(device)" }
        if !traits.data.isEmpty { text += " with \(data(traits.data))" }
        if let attempt = traits.attempt { text += " as attempt \(attempt)" }
        if let connection = traits.connection { text += " on connection \(connection)" }
        return text
    }

    private static func error(_ traits: MessageTraits) -> String {
        traits.error.map { " (\($0))" } ?? ""
    }

    static func data(_ pairs: [DataPair]) -> String {
        pairs.map { pair in
            switch pair.value {
            case .text(let text): "\(pair.key) \"\(text)\""
            case .literal(let literal): "\(pair.key) \(literal)"
            }
        }.joined(separator: ", ")
    }

    // MARK: Sightings

    static func sighting(_ sighting: Sighting) -> String {
        switch sighting.what {
        case .device(let name, let sight): "\(name) \(device(sight))"
        case .appServer(let name, let sight): "\(name) \(appServer(sight))"
        case .relay(let sight): "the relay \(relay(sight))"
        case .match(let match): "an event with \(match)"
        }
    }

    private static func device(_ sight: DeviceSight) -> String {
        switch sight {
        case .receives(let traits): "receives \(message(traits))"
        case .sends(let traits): "sends \(message(traits))"
        case .toldSent(let traits): "is told that \(message(traits)) is sent"
        case .toldError(let traits): "is told that \(message(traits)) failed\(error(traits))"
        case .toldDeleted(let count):
            "is told that \(count.map { "\($0) messages" } ?? "messages") were deleted"
        case .connects: "connects"
        case .disconnects: "loses its connection"
        }
    }

    private static func appServer(_ sight: AppServerSight) -> String {
        switch sight {
        case .receives(let traits): "receives \(message(traits))"
        case .sends(let traits): "sends \(message(traits, other: "to"))"
        case .acks(let traits): "ACKs \(message(traits))"
        case .toldAck(let traits): "is told that \(message(traits)) was taken"
        case .toldNack(let traits): "is told that \(message(traits)) was refused\(error(traits))"
        case .toldRejected(let traits):
            "is told that its ACK of \(message(traits)) settles nothing"
        case .toldDraining: "is told that a connection will end"
        case .toldError(let traits): "is told of an error\(error(traits))"
        case .connects: "connects"
        case .disconnects: "loses a connection"
        case .refused: "is refused at its login"
        }
    }

    private static func relay(_ sight: RelaySight) -> String {
        switch sight {
        case .sends(let traits): "sends \(message(traits))"
        case .settles(let traits): "settles \(message(traits))"
        case .queues(let traits): "queues \(message(traits))"
        case .holds(let traits): "holds \(message(traits)) back"
        case .expires(let traits): "lets \(message(traits)) expire"
        case .discards(let traits): "gives \(message(traits)) up"
        case .refuses(let traits): "refuses \(message(traits))\(error(traits))"
        case .delivers(let traits): "delivers \(message(traits, other: "to"))"
        }
    }
}

extension Expectation {
    /// The expectation as a sentence without its full stop.
    package var sentence: String { Phrases.expectation(self) }
}
