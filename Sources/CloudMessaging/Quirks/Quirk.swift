/// A place where the sources of the protocol disagree or are silent, as a setting of its own
/// (`--quirk NAME=VALUE`).
package struct Quirk<Settings: Sendable>: Sendable {
    package let name: String
    /// The allowed values; one in capitals stands for what has its form.
    package let values: [String]
    private let set: @Sendable (_ text: String, inout Settings) -> Bool
    private let show: @Sendable (Settings) -> String

    private init<Value>(
        _ name: String, values: [String],
        _ value: any WritableKeyPath<Settings, Value> & Sendable,
        parse: @escaping @Sendable (String) -> Value?,
        show: @escaping @Sendable (Value) -> String
    ) {
        self.name = name
        self.values = values
        set = { text, settings in
            guard let parsed = parse(text) else { return false }
            settings[keyPath: value] = parsed
            return true
        }
        self.show = { show($0[keyPath: value]) }
    }

    /// One of several ways.
    package static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ value: any WritableKeyPath<Settings, Value> & Sendable
    ) -> Quirk {
        Quirk(
            name, values: Value.allCases.map(\.rawValue), value, parse: { Value(rawValue: $0) },
            show: \.rawValue)
    }

    /// A time after which something happens, or `never`.
    package static func time(
        _ name: String, _ value: any WritableKeyPath<Settings, Duration?> & Sendable
    ) -> Quirk {
        Quirk(
            name, values: ["never", "DURATION"], value,
            parse: { text in
                if text == "never" { return .some(nil) }
                return DurationText.parse(text).flatMap { $0 > .zero ? .some($0) : nil }
            },
            show: { $0.map(DurationText.text(of:)) ?? "never" })
    }

    /// So many in so long a time, such as `240/1m`, or `off`.
    package static func rate(
        _ name: String, _ value: any WritableKeyPath<Settings, Rate?> & Sendable
    ) -> Quirk {
        Quirk(
            name, values: ["off", "N/DURATION"], value,
            parse: { $0 == "off" ? .some(nil) : Rate($0).map { .some($0) } },
            show: { $0.map(\.text) ?? "off" })
    }

    package func value(in settings: Settings) -> String { show(settings) }

    /// Sets the quirk to a value as it is written.
    ///
    /// - Returns: false: that is no value of it, and nothing is changed.
    package func apply(_ text: String, to settings: inout Settings) -> Bool {
        set(text, &settings)
    }
}

extension Rate {
    /// `240/1m`
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]),
            let period = DurationText.parse(String(parts[1]))
        else { return nil }
        self.init(count: count, period: period)
    }

    fileprivate var text: String { "\(count)/\(DurationText.text(of: period))" }
}
