import CloudMessaging

/// A setting of a command, once for its flag, its variable, its key in a file, its help and
/// `config show`. Its default is what `Settings` has before anybody sets it.
package struct Setting<Settings: Sendable>: Sendable {
    /// The long flag without its dashes.
    package let name: String
    /// What it means, in a sentence.
    package let help: String
    /// What is said of a value that is none: it "is not …".
    package let form: String
    /// Whether it has any number of values.
    package let isList: Bool
    /// False: a value is not to be repeated in messages, as it may hold a key.
    package let isQuotable: Bool
    private let set: @Sendable (_ texts: [String], inout Settings) -> Bool
    private let show: @Sendable (Settings) -> [String]

    /// - Parameters:
    ///   - set: false: the texts are none of its values.
    ///   - show: the values in words, without secrets; none: it is not set.
    package init(
        _ name: String, _ help: String, form: String, isList: Bool = false,
        isQuotable: Bool = true,
        set: @escaping @Sendable (_ texts: [String], inout Settings) -> Bool,
        show: @escaping @Sendable (Settings) -> [String]
    ) {
        self.name = name
        self.help = help
        self.form = form
        self.isList = isList
        self.isQuotable = isQuotable
        self.set = set
        self.show = show
    }

    /// Takes over what somebody wrote, if anything; returns where.
    package func apply(
        _ texts: [SettingText], to settings: inout Settings
    ) throws(CommandFailure) -> SettingOrigin {
        guard let first = texts.first else { return .builtIn }
        if !isList, texts.count > 1 {
            throw texts[1].failure(of: name, "a list, where one value is expected")
        }
        guard set(texts.map(\.text), &settings) else {
            let wrong = texts.first { text in
                var scratch = settings
                return !set([text.text], &scratch)
            }
            let culprit = wrong ?? first
            let what = isQuotable ? "\"\(culprit.text)\"" : "a value"
            throw culprit.failure(of: name, "\(what) is not \(form)")
        }
        return first.origin
    }

    /// The values in words; none: it is not set.
    package func values(in settings: Settings) -> [String] { show(settings) }
}

extension Setting {
    package static func integer(
        _ name: String, _ help: String,
        _ value: any WritableKeyPath<Settings, Int> & Sendable, in range: ClosedRange<Int>
    ) -> Setting {
        Setting(
            name, help,
            form: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            one: { Int($0).flatMap { range.contains($0) ? $0 : nil } }, value,
            show: { [String($0)] })
    }

    package static func number(
        _ name: String, _ help: String,
        _ value: any WritableKeyPath<Settings, Double> & Sendable, in range: ClosedRange<Double>
    ) -> Setting {
        Setting(
            name, help,
            form: "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))",
            one: { Double($0).flatMap { range.contains($0) ? $0 : nil } }, value,
            show: { [plain($0)] })
    }

    /// Without the fraction of a whole number.
    private static func plain(_ number: Double) -> String {
        Int(exactly: number).map { String($0) } ?? String(number)
    }

    /// - Parameter least: no shorter one is taken.
    package static func duration(
        _ name: String, _ help: String,
        _ value: any WritableKeyPath<Settings, Duration> & Sendable, least: Duration = .zero
    ) -> Setting {
        let bound = least > .zero ? "; at least \(DurationText.text(of: least))" : ""
        return Setting(
            name, help, form: DurationText.form + bound,
            one: { DurationText.parse($0).flatMap { $0 >= least ? $0 : nil } }, value,
            show: { [DurationText.text(of: $0)] })
    }

    package static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ help: String,
        _ value: any WritableKeyPath<Settings, Value> & Sendable
    ) -> Setting {
        Setting(
            name, help,
            form: "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))",
            one: { Value(rawValue: $0) }, value, show: { [$0.rawValue] })
    }

    package static func text(
        _ name: String, _ help: String,
        _ value: any WritableKeyPath<Settings, String?> & Sendable
    ) -> Setting {
        Setting(
            name, help, form: "a text", one: { .some($0) }, value,
            show: { $0.map { [$0] } ?? [] })
    }

    package static func texts(
        _ name: String, _ help: String,
        _ value: any WritableKeyPath<Settings, [String]> & Sendable
    ) -> Setting {
        Setting(
            name, help, form: "a text", isList: true,
            set: { texts, settings in
                settings[keyPath: value] = texts
                return true
            },
            show: { $0[keyPath: value] })
    }

    /// One value, by a place in the settings.
    package init<Value>(
        _ name: String, _ help: String, form: String,
        one parse: @escaping @Sendable (String) -> Value?,
        _ value: any WritableKeyPath<Settings, Value> & Sendable,
        show: @escaping @Sendable (Value) -> [String]
    ) {
        self.init(
            name, help, form: form,
            set: { texts, settings in
                guard texts.count == 1, let parsed = parse(texts[0]) else { return false }
                settings[keyPath: value] = parsed
                return true
            },
            show: { show($0[keyPath: value]) })
    }
}
