import CloudMessaging
import Journal

extension ScenarioFile {
    /// The file as a play that one can read aloud: cast, acts by time, and what must come of it.
    package var play: String {
        var lines = [name]
        lines +=
            about.map(\.joinedLines).map {
                ["", Self.sentence($0.prefix(1).uppercased() + $0.dropFirst())]
            } ?? []
        if !reportedIn.isEmpty {
            lines.append("Reported in \(reportedIn.joined(separator: ", ")).")
        }
        lines += ["", "Cast"] + castLines
        lines += acts
        lines += ["", Self.sentence(endingPhrase)]
        if !expectations.isEmpty {
            lines += ["", "What must come of it"]
            for (index, expectation) in expectations.enumerated() {
                lines.append("  \(index + 1). \(Self.sentence(expectation.sentence))")
            }
        }
        return lines.map(\.onTerminal).joined(separator: "\n") + "\n"
    }

    // MARK: Cast

    private var castLines: [String] {
        let people: [(name: String, part: String)] =
            [("the relay", relay.phrase)] + cast.map { ($0.name.text, $0.phrase) }
        let width = people.map(\.name.count).max() ?? 0
        return people.map { person in
            let gap = String(repeating: " ", count: width - person.name.count)
            return "  \(person.name)\(gap)  \(person.part)"
        }
    }

    // MARK: Acts

    /// A new act begins where time passes.
    private var acts: [String] {
        var lines: [String] = []
        var number = 0
        func begin(_ when: String) {
            number += 1
            lines += ["", "Act \(number), \(when)"]
        }
        for step in steps {
            switch step.moment {
            case .next: if number == 0 { begin("at the beginning") }
            case .at(let time): begin("at \(Phrases.time(time))")
            case .wait(let time): begin("\(Phrases.time(time)) later")
            case .until(let match, let within):
                let limit = within.map { ", within \(Phrases.time($0))" } ?? ""
                begin("once there is an event with \(match)\(limit)")
            }
            if let deed = step.deed {
                lines.append("  \(Self.sentence(StepPhrases.deed(deed)))")
            }
        }
        return lines
    }

    private var endingPhrase: String {
        let after = Phrases.time(ending.after)
        let quiet = ending.quiet.map { "after \(Phrases.time($0)) of silence, " } ?? ""
        let latest = ending.quiet == nil ? "after \(after)" : "at the latest after \(after)"
        return "the curtain falls \(quiet)\(latest)"
    }

    private static func sentence(_ text: String) -> String {
        let ended = text.hasSuffix(".") ? text : text + "."
        // Names of the cast keep their letters.
        guard ["the ", "what ", "nothing ", "in this order"].contains(where: text.hasPrefix)
        else { return ended }
        return ended.prefix(1).uppercased() + ended.dropFirst()
    }
}

extension CastMember {
    fileprivate var phrase: String {
        var text =
            switch role {
            case .device(let plan): plan.phrase
            case .appServer(let plan): plan.phrase
            case .external(let plan):
                "the app server under test, for \(plan.sender), which connects by itself"
            }
        if let latency = network.latency {
            text += "; \(Phrases.time(latency)) away from the relay"
        }
        if let jitter = network.jitter { text += ", give or take \(Phrases.time(jitter))" }
        if let bytes = network.fragment { text += "; it reads at most \(bytes) bytes at a time" }
        if network.coalesce { text += "; it reads together what comes together" }
        return text
    }
}

extension DevicePlan {
    fileprivate var phrase: String {
        let kind = client == .ios ? "an iOS device" : "a device"
        let senders = senders.map(\.text).joined(separator: ", ")
        var text = "\(kind) with the app \(app), which writes to \(senders)"
        switch pendingLimit {
        case .ofClient: break
        case .none: text += "; it may have any number of messages pending"
        case .count(let count): text += "; it may have \(count) messages pending"
        }
        if whenFull == .wait { text += "; beyond its limit it waits" }
        return text + quirks.phrase
    }
}

extension AppServerPlan {
    fileprivate var phrase: String {
        var text = "an app server for \(sender); it \(StepPhrases.ack(ack))"
        if connections > 1 { text += "; it holds \(connections) connections" }
        switch reconnect {
        case .asBuiltIn: break
        case .never: text += "; it never comes back by itself"
        case .after(let delay):
            text += "; it comes back \(Phrases.time(delay)) after a loss"
        }
        if echoes { text += "; it sends back what it got" }
        return text
    }
}

extension RelayPlan {
    fileprivate var phrase: String {
        let first = Phrases.time(retry.first)
        let longest = Phrases.time(retry.longest)
        var parts = [
            "sends again after \(first), then \(retry.factor.short) times as long, at most \(longest)"
        ]
        if retry.jitter > 0 { parts[0] += ", give or take \((retry.jitter * 100).short) %" }
        if let redelivery { parts.append("redelivery \(redelivery.rawValue)") }
        func add(_ title: String, _ time: Duration?) {
            if let time { parts.append("\(title) \(Phrases.time(time))") }
        }
        add("holds a backlog back for", reconnectHoldback)
        if let maxUnacked { parts.append("at most \(maxUnacked) without an ACK") }
        if let maxConnections { parts.append("at most \(maxConnections) connections") }
        add("no time to live beyond", timeToLiveCap)
        add("a blank after", keepalive)
        add("draining takes at most", drainGrace)
        if let profile { parts.append("profile \(profile.rawValue)") }
        if !projects.isEmpty {
            parts.append("knows only \(projects.map(\.sender.text).joined(separator: ", "))")
        }
        return parts.joined(separator: "; ") + quirks.phrase
    }
}

extension [QuirkChoice] {
    fileprivate var phrase: String {
        map { "; \($0.name) \($0.value)" }.joined()
    }
}

extension Double {
    /// Whole numbers without a fraction.
    fileprivate var short: String {
        Int(exactly: rounded()).map { Double($0) == self ? "\($0)" : "\(self)" } ?? "\(self)"
    }
}
