import CloudMessaging
import Journal

/// The events that a sighting can be, as far as that can be told before the play: what one set has
/// for certain, another may have or exclude.
///
/// The tokens of devices are not known yet.
struct EventSet {
    /// Events of any of these.
    private let parts: [Part]
    /// The ID that all messages of its events have; nil: they may have several, or none.
    let messageID: String?

    private struct Part {
        let clause: MatchClause
        let owner: Participant?
        let ordinal: Int?
        let device: Participant?
        /// An expression with too many ways of being true, of which nothing is known.
        var opaque: String?

        func isPart(of whole: Part) -> Bool {
            (whole.owner == nil || owner == whole.owner)
                && (whole.ordinal == nil || ordinal == whole.ordinal)
                && (whole.device == nil || device == whole.device)
                && (whole.opaque.map { opaque?.hasSameBytes(as: $0) ?? false } ?? true)
                && clause.implies(whole.clause)
        }
    }

    init(_ sighting: CompiledSighting) {
        let clauses = sighting.match.clauses
        let opaque = clauses == nil ? sighting.match.description : nil
        parts = (clauses ?? [.anything]).map { clause in
            // What stands for a token is no value that a token can have.
            let known = sighting.device.map {
                clause.without(.from, SightingCompiler.noToken($0))
            }
            return Part(
                clause: known ?? clause, owner: sighting.owner, ordinal: sighting.ordinal,
                device: sighting.device, opaque: opaque)
        }.filter { !$0.clause.isContradictory }
        let id = parts.first?.clause.value(of: .messageID)
        let isShared = parts.allSatisfy { $0.clause.value(of: .messageID) == id }
        messageID = isShared ? id : nil
    }

    init(_ match: Match) {
        self.init(CompiledSighting(match: match, owner: nil, ordinal: nil))
    }

    /// Whether no event can be in it.
    var isEmpty: Bool { parts.isEmpty }

    /// What to do about one that is empty.
    static let emptyRemedy =
        "its conditions exclude each other: join them with \"or\", or leave one out"

    /// Whether every event of this one is for certain in the other.
    func isPart(of whole: EventSet) -> Bool {
        // Most are of one message each, and this is cheaper than to compare all that is said of it.
        if let id = whole.messageID, id != messageID { return isEmpty }
        return parts.allSatisfy { part in whole.parts.contains { part.isPart(of: $0) } }
    }

    /// Whether for certain no event is in both.
    func isDisjoint(from other: EventSet) -> Bool {
        parts.allSatisfy { part in other.parts.allSatisfy { part.clause.excludes($0.clause) } }
    }
}
