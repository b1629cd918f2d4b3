import CloudMessaging
import Journal

/// A sighting in the terms of a journal: an expression, and whose connection it was on.
struct CompiledSighting {
    let match: Match
    /// Nil: anybody's.
    let owner: Participant?
    /// Nil: any.
    let ordinal: Int?
    /// The device at the other end, which the expression names by its tokens; nil: any.
    var device: Participant?

    /// Whether an event is on the connection that is meant, whatever else it is.
    func isCandidate(_ index: Int, in evidence: Evidence) -> Bool {
        guard owner != nil || ordinal != nil else { return true }
        guard let entry = evidence.connections.entry(at: index) else { return false }
        return (owner == nil || entry.owner == owner)
            && (ordinal == nil || entry.ordinal == ordinal)
    }

    func accepts(_ index: Int, in evidence: Evidence) -> Bool {
        isCandidate(index, in: evidence) && match.accepts(evidence.events[index])
    }
}

/// Turns sightings into expressions of the match language.
struct SightingCompiler {
    let cast: [CastMember]
    let evidence: Evidence

    /// Why something cannot be told from a journal, as a sentence.
    struct Unknowable: Error {
        let reason: String
    }

    func compile(_ sighting: Sighting) throws(Unknowable) -> CompiledSighting {
        switch sighting.what {
        case .match(let match): CompiledSighting(match: match, owner: nil, ordinal: nil)
        case .device(let name, let sight): try device(name, sight)
        case .appServer(let name, let sight): appServer(name, sight)
        case .relay(let sight): relay(sight)
        }
    }

    // MARK: Devices

    private func device(
        _ name: Participant, _ sight: DeviceSight
    ) throws(Unknowable) -> CompiledSighting {
        var terms = MatchTerms()
        if evidence.vantage == .cast {
            terms.add("actor", name.text)
        } else if let app = cast.first(where: { $0.name == name })?.role.app {
            terms.add("category", app.text)
        }
        switch (sight, evidence.vantage) {
        case (.receives(let traits), let vantage):
            terms.add("event", (vantage == .cast ? Kind.appReceived : .delivery).rawValue)
            add(traits, to: &terms)
        case (.sends(let traits), _):
            terms.add("event", Kind.upload.rawValue)
            add(traits, to: &terms)
        case (.toldSent(let traits), .cast):
            terms.add("event", Kind.appSent.rawValue)
            add(traits, to: &terms)
        case (.toldError(let traits), .cast):
            terms.add("event", Kind.appError.rawValue)
            add(traits, to: &terms)
        case (.toldDeleted(let count), .cast):
            terms.add("event", Kind.appDeleted.rawValue)
            if let count { terms.add("count", "\(count)") }
        case (.toldSent, .relay), (.toldError, .relay), (.toldDeleted, .relay):
            throw Unknowable(reason: "a relay does not hear what an app on its device is told")
        case (.connects, .cast): terms.add("event", Kind.connectionBound.rawValue)
        case (.disconnects, .cast):
            terms = MatchTerms()
            terms.add("event", Kind.connectionClosed.rawValue)
            return CompiledSighting(match: terms.match, owner: name, ordinal: nil)
        case (.connects, .relay), (.disconnects, .relay):
            throw Unknowable(reason: "a relay does not know which device is \(name)")
        }
        return CompiledSighting(match: terms.match, owner: nil, ordinal: nil)
    }

    // MARK: App servers

    private func appServer(_ name: Participant, _ sight: AppServerSight) -> CompiledSighting {
        let role = cast.first { $0.name == name }?.role
        let sender = role?.sender
        var terms = MatchTerms()
        // The names of several app servers with one sender ID are those of their connections.
        let isShared = cast.filter { $0.role.sender == sender }.count > 1
        var owner = isShared && evidence.vantage == .cast ? name : nil
        var traits = MessageTraits()
        switch sight {
        case .receives(let asked):
            traits = asked
            if evidence.vantage == .cast, role?.kind == .appServer {
                terms.add("actor", name.text)
                terms.add("event", Kind.upstreamReceived.rawValue)
                owner = nil
            } else {
                terms.add(anyOf: "event", [Kind.upstreamStanza.rawValue, Kind.receipt.rawValue])
            }
        case .sends(let asked):
            traits = asked
            terms.add("event", Kind.downstreamStanza.rawValue)
        case .acks(let asked):
            traits = asked
            terms.add("event", Kind.upstreamAck.rawValue)
        case .toldAck(let asked):
            traits = asked
            terms.add("event", Kind.downstreamAnswer.rawValue)
            terms.addAbsent("error")
        case .toldNack(let asked):
            traits = asked
            terms.add("event", Kind.downstreamAnswer.rawValue)
            if asked.error == nil { terms.addPresent("error") }
        case .toldRejected(let asked):
            traits = asked
            terms.add("event", Kind.ackRejected.rawValue)
        case .toldError(let asked):
            traits = asked
            terms.add("event", Kind.stanzaRefused.rawValue)
        case .toldDraining: terms.add("event", Kind.connectionDraining.rawValue)
        case .connects: terms.add("event", Kind.connectionBound.rawValue)
        case .disconnects: terms.add("event", Kind.connectionClosed.rawValue)
        case .refused: terms.add("event", Kind.loginRefused.rawValue)
        }
        if let sender { terms.add("sender_id", sender.text) }
        add(traits, to: &terms)
        if traits.connection != nil, evidence.vantage == .cast { owner = name }
        return CompiledSighting(
            match: terms.match, owner: owner, ordinal: traits.connection, device: traits.device)
    }

    // MARK: The relay

    private func relay(_ sight: RelaySight) -> CompiledSighting {
        var terms = MatchTerms()
        func state(_ state: MessageState) {
            terms.add("event", Kind.messageState.rawValue)
            terms.add("state", state.rawValue)
        }
        let traits: MessageTraits
        switch sight {
        case .sends(let asked):
            traits = asked
            let isReceipt = asked.id?.text.hasPrefix("dr2:") ?? false
            terms.add("event", (isReceipt ? Kind.receipt : .upstreamStanza).rawValue)
        case .settles(let asked):
            traits = asked
            state(.settled)
        case .queues(let asked):
            traits = asked
            state(.queued)
        case .holds(let asked):
            traits = asked
            state(.held)
        case .expires(let asked):
            traits = asked
            state(.expired)
        case .discards(let asked):
            traits = asked
            state(.discarded)
        case .refuses(let asked):
            traits = asked
            terms.add("event", Kind.uploadRefused.rawValue)
        case .delivers(let asked):
            traits = asked
            terms.add("event", Kind.delivery.rawValue)
        }
        add(traits, to: &terms)
        return CompiledSighting(
            match: terms.match, owner: nil, ordinal: nil, device: traits.device)
    }

    // MARK: Traits

    private typealias Kind = JournalEvent.Kind

    private func add(_ traits: MessageTraits, to terms: inout MatchTerms) {
        if let id = traits.id { terms.add("message_id", id.text) }
        if let category = traits.category { terms.add("category", category.text) }
        if let device = traits.device { addDevice(device, to: &terms) }
        if let attempt = traits.attempt { terms.add("attempt", "\(attempt)") }
        if let error = traits.error { terms.add("error", error) }
        for pair in traits.data { terms.add(data: pair.key, pair.value.text) }
    }

    /// By its tokens, or as far as a relay alone can tell, by its app.
    private func addDevice(_ device: Participant, to terms: inout MatchTerms) {
        let tokens = evidence.tokens(of: device).map(\.text)
        if !tokens.isEmpty {
            terms.add(anyOf: "from", tokens)
        } else if evidence.vantage == .cast {
            terms.add("from", Self.noToken(device))
        } else if let app = cast.first(where: { $0.name == device })?.role.app {
            terms.add("category", app.text)
        }
    }

    /// What stands for the token of a device that has none.
    static func noToken(_ device: Participant) -> String { "(\(device) has no token)" }

    /// The tokens that say whose message it is; nil: anybody's.
    func tokens(of device: Participant?) -> [RegistrationToken]? {
        guard let device else { return nil }
        let tokens = evidence.tokens(of: device)
        return tokens.isEmpty && evidence.vantage == .relay ? nil : tokens
    }
}

/// An expression that is put together term by term.
struct MatchTerms {
    private var terms: [String] = []

    mutating func add(_ field: String, _ value: String) {
        terms.append("\(field)=\(Self.quoted(value))")
    }

    mutating func add(anyOf field: String, _ values: [String]) {
        let choices = values.map { "\(field)=\(Self.quoted($0))" }
        terms.append(choices.count == 1 ? choices[0] : "(\(choices.joined(separator: " or ")))")
    }

    mutating func add(data key: String, _ value: String) {
        terms.append("data.\(Self.quoted(key, always: true))=\(Self.quoted(value, always: true))")
    }

    mutating func addPresent(_ field: String) { terms.append("\(field)~\".\"") }

    mutating func addAbsent(_ field: String) { terms.append("not \(field)~\".\"") }

    var match: Match {
        do {
            return try Match(parsing: terms.joined(separator: " and "))
        } catch {
            preconditionFailure("an expression of our own does not parse: \(error)")
        }
    }

    /// Bare where the language allows it, as people write it.
    private static func quoted(_ text: String, always: Bool = false) -> String {
        let isBare = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 58, 95].contains(byte)
        }
        if isBare, !always, !text.isEmpty, !["and", "or", "not"].contains(text) { return text }
        let escaped = text.reduce(into: "") { quoted, character in
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return "\"\(escaped)\""
    }
}

extension CastMember.Role {
    var app: Category? {
        if case .device(let plan) = self { plan.app } else { nil }
    }
}

extension DataValue {
    /// As the journal's fields have it.
    var text: String {
        switch self {
        case .text(let text), .literal(let text): text
        }
    }
}
