/// The bounds of a scenario file.
package enum ScenarioLimits {
    /// Bytes of a file.
    package static let fileBytes = 1 << 20
    /// Levels of mappings and lists.
    package static let depth = 16
    /// What looks like an alias, in a text that is given to the YAML parser.
    package static let aliases = 20
    /// Problems that are listed; the others are counted.
    package static let problems = 50
    /// Members of a cast.
    package static let cast = 1_000
    package static let steps = 10_000
    /// From a play's beginning to its end: a keepalive a minute is work even when nothing happens.
    package static let length = Duration.seconds(1_000 * 3_600)
    package static let expectations = 1_000
    /// Expectations about no single message that are compared with all others.
    package static let wideClaims = 100
    /// Pairs of sightings in an order that are looked through for contradictions.
    package static let precedences = 500
    /// Messages of one step.
    package static let messagesOfStep = 10_000
    /// Bytes of a name of the cast.
    package static let nameBytes = 64
    /// Events of the journal that a verdict shows before the deciding one.
    package static let eventsBefore = 10
    /// Groups of near misses that a verdict shows.
    package static let nearMisses = 3
}
