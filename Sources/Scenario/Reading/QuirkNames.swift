import CloudMessaging

/// The quirks that a play may set, by the names of the flags: the machines that have them are not
/// imported here, and a test holds the two together.
enum QuirkNames {
    enum Values: Equatable {
        case words([String])
        /// `never`, or a time.
        case time
        /// `off`, or `N/DURATION`.
        case rate
    }

    static let relay: [(name: String, values: Values)] = [
        ("xml-declaration", .words(["absent", "sent"])),
        ("features-prefix", .words(["stream", "str"])),
        ("session-feature", .words(["advertised", "absent"])),
        ("resource", .words(["suffix", "unchanged"])),
        ("after-login-failure", .words(["close", "keep-open"])),
        ("over-connection-limit", .words(["policy-violation", "close"])),
        ("message-attributes", .words(["addressed", "bare"])),
        ("stanza-id", .words(["message-id", "empty", "absent"])),
        ("upstream-members", .words(["observed", "documented"])),
        ("answer-prefix", .words(["data", "absent"])),
        ("error-description", .words(["text", "empty"])),
        ("condition", .words(["five-topics", "two-operators"])),
        ("unknown-ack", .words(["error", "ignore"])),
        ("requests-past-limit", .words(["hold", "nack"])),
        ("draining", .words(["announced", "nack-only", "silent"])),
        ("idle-timeout", .time),
        ("session-max-age", .time),
        ("device-rate", .rate),
        ("topic-rate", .rate),
        ("apns-credential", .words(["present", "missing"])),
    ]

    static let device: [(name: String, values: Values)] = [
        ("other-values", .words(["ignored", "stringified"])),
        ("reserved-keys", .words(["refuse", "strip"])),
        ("batched-callbacks", .words(["sent", "sent-and-error"])),
    ]
}

extension QuirkNames.Values {
    /// How the values are written.
    var forms: [String] {
        switch self {
        case .words(let words): words
        case .time: ["never", "DURATION"]
        case .rate: ["off", "N/DURATION"]
        }
    }

    func accepts(_ text: String) -> Bool {
        switch self {
        case .words(let words): words.contains(text)
        case .time: text == "never" || DurationText.parse(text).map { $0 > .zero } ?? false
        case .rate: text == "off" || Self.isRate(text)
        }
    }

    private static func isRate(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]),
            let period = DurationText.parse(String(parts[1]))
        else { return false }
        return Rate(count: count, period: period) != nil
    }
}

extension ValueReader {
    /// A mapping of quirks to values.
    func quirks(
        _ tree: YAMLTree, among known: [(name: String, values: QuirkNames.Values)]
    ) -> [QuirkChoice] {
        (mapping(tree, "quirks") ?? []).compactMap { entry in
            guard let quirk = known.first(where: { $0.name == entry.key }) else {
                complaints.add(
                    "unknown quirk \"\(entry.key)\"",
                    remedy: Suggestion.sentence(for: entry.key, among: known.map(\.name)),
                    at: entry.keyPlace)
                return nil
            }
            guard let text = text(entry.value, entry.key) else { return nil }
            guard quirk.values.accepts(text) else {
                complain(
                    "\"\(text)\" is no value of \(entry.key)",
                    remedy: "it has \(quirk.values.forms.joined(separator: ", "))",
                    at: entry.value)
                return nil
            }
            return QuirkChoice(name: entry.key, value: text)
        }
    }
}
