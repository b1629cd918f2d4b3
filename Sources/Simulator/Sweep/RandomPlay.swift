import CloudMessaging

/// A play made by chance, as the text of its scenario file: cast, traffic, and whatever goes wrong.
///
/// Swarm style: every seed switches its own subset of troubles on, so that rare combinations come up
/// and a trouble that hides others is not always there. It ends with everything repaired, so that
/// all that was not over must arrive.
package struct RandomPlay: Sendable {
    /// What belongs together and can be left out together, such as a crash and the restart after it.
    struct Act: Sendable {
        var lines: [Line]
    }

    struct Line: Sendable {
        /// In milliseconds from the play's beginning.
        let time: Int
        /// A step without its time.
        let text: String
    }

    package let seed: UInt64
    var relay: [String]
    /// Name and the rest of the line.
    var cast: [(name: String, text: String)]
    var acts: [Act]

    /// When everything is repaired, and how long it then goes on, in milliseconds.
    static let repairTime = 120_000
    static let settlingTime = 1_200_000

    /// The text of the scenario file.
    package var text: String {
        var lines = [
            "scenario: what seed \(seed) does",
            "about: made by chance; everything is repaired after 2m, and must have arrived at the end",
            "seed: \(seed)",
            "by-chance: true",
            "driver: {virtual-only: a crash of the relay at a given moment}",
            "ends: {after: \(Self.repairTime + Self.settlingTime)ms}",
        ]
        if !relay.isEmpty { lines.append("relay: {\(relay.joined(separator: ", "))}") }
        lines.append("cast:")
        lines += cast.map { "  \($0.name): \($0.text)" }
        lines.append("steps:")
        for line in steps { lines += ["  - at: \(line.time)ms", "    \(line.text)"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// All steps in the order of their times.
    private var steps: [Line] {
        let played = acts.flatMap(\.lines).enumerated().sorted { left, right in
            (left.element.time, left.offset) < (right.element.time, right.offset)
        }
        return beginning + played.map(\.element) + ending
    }

    private var beginning: [Line] {
        cast.map { member in
            Line(
                time: 0,
                text: member.text.contains("role: device")
                    ? "\(member.name): goes-online" : "\(member.name): connects")
        }
    }

    /// Everything works again, and whoever was left with half a connection gets a new one.
    private var ending: [Line] {
        let time = Self.repairTime
        var lines = [Line(time: time, text: "store: recovers")]
        for (name, text) in cast {
            lines.append(Line(time: time, text: "repair: {between: [relay, \(name)]}"))
            lines.append(Line(time: time, text: "release: {from: relay, to: \(name)}"))
            lines.append(Line(time: time, text: "release: {from: \(name), to: relay}"))
            lines.append(Line(time: time, text: "cut: {between: [relay, \(name)]}"))
            if text.contains("role: device") {
                lines.append(Line(time: time, text: "\(name): goes-online"))
            } else {
                lines.append(Line(time: time, text: "\(name): connects"))
                lines.append(Line(time: time, text: "\(name): {changes: {ack: at-once}}"))
                lines.append(Line(time: time, text: "\(name): reads-again"))
            }
        }
        return lines
    }
}
