import CloudMessaging
import Journal

/// Reads the parts of a file.
struct ScenarioReader {
    let fields: FieldReader
    let values: ValueReader

    func file() -> ScenarioFile {
        fields.require("scenario", "scenario: NAME")
        fields.require("cast", "cast: {phone: {role: device}, shop: {role: app-server}}")
        fields.require("steps", "steps: [phone: goes-online]")
        var file = ScenarioFile(name: fields.text("scenario") ?? "")
        file.about = fields.text("about")
        file.reportedIn = reports()
        file.seed = seed() ?? file.seed
        file.isForAnySeed = fields.flag("any-seed") ?? false
        file.isByChance = fields.flag("by-chance") ?? false
        file.virtualOnly = virtualOnly()
        file.ending = ending()
        file.relay = relay()
        file.cast = fields.tree("cast").map { CastReader(values: values).cast($0) } ?? []
        var steps = StepReader(values: values, cast: file.cast, ending: file.ending)
        file.steps = fields.tree("steps").map { steps.steps($0) } ?? []
        file.expectations = expectations(file.cast)
        if file.virtualOnly != nil, file.needsLiveDriver {
            values.complaints.add(
                "an external app server comes over real sockets, and the play is virtual-only",
                remedy: "choose one", at: fields.tree("driver")?.place)
        }
        return file
    }

    private func expectations(_ cast: [CastMember]) -> [Expectation] {
        guard let tree = fields.tree("expect") else { return [] }
        return ExpectationReader(values: values, cast: cast, vantage: .cast).expectations(tree)
    }

    private func reports() -> [String] {
        guard let tree = fields.tree("reported-in") else { return [] }
        return values.list(tree).compactMap { values.text($0, "reported-in") }
    }

    private func seed() -> UInt64? {
        fields.name("seed", "a whole number from 0 to \(UInt64.max)") { UInt64($0) }
    }

    private func virtualOnly() -> String? {
        guard let tree = fields.tree("driver"),
            let driver = FieldReader(tree, Fields.driver, values)
        else { return nil }
        return driver.text("virtual-only")
    }

    private func ending() -> Ending {
        var ending = Ending()
        guard let tree = fields.tree("ends"),
            let fields = FieldReader(tree, Fields.ending, values)
        else { return ending }
        ending.after = fields.duration("after") ?? ending.after
        ending.quiet = fields.duration("quiet")
        if ending.after <= .zero, let tree = fields.tree("after") {
            values.complain(
                "after must be longer than nothing", remedy: "write after: 5m", at: tree)
        }
        if ending.after > ScenarioLimits.length, let tree = fields.tree("after") {
            values.complain(
                "a play lasts \(Phrases.time(ScenarioLimits.length)) at most, not \(tree.shown)",
                remedy: "no message lives longer than four weeks, which are 672h", at: tree)
        }
        return ending
    }

    // MARK: The relay

    private func relay() -> RelayPlan {
        var plan = RelayPlan()
        guard let tree = fields.tree("relay"),
            let fields = FieldReader(tree, Fields.relay, values)
        else { return plan }
        plan.retry = retry(fields)
        plan.redelivery = fields.choice("redelivery")
        plan.reconnectHoldback = fields.duration("reconnect-holdback")
        plan.maxUnacked = fields.integer("max-unacked", in: 1...1_000_000)
        plan.maxConnections = fields.integer("max-connections", in: 1...1_000_000)
        plan.timeToLiveCap = fields.duration("ttl-cap")
        plan.keepalive = fields.interval("keepalive")
        plan.drainGrace = fields.duration("drain-grace")
        plan.profile = fields.choice("profile")
        plan.projects = fields.tree("projects").map(projects) ?? []
        plan.quirks =
            fields.tree("quirks").map { values.quirks($0, among: QuirkNames.relay) } ?? []
        return plan
    }

    private func retry(_ relay: FieldReader) -> RetrySchedule {
        var retry = RetrySchedule()
        guard let tree = relay.tree("retry"),
            let fields = FieldReader(tree, Fields.retry, values)
        else { return retry }
        retry.first = fields.interval("first") ?? retry.first
        retry.factor = fields.number("factor", in: 1...1_000) ?? retry.factor
        retry.longest = fields.duration("longest") ?? retry.longest
        retry.jitter = fields.number("jitter", in: 0...1) ?? retry.jitter
        if retry.first > retry.longest {
            values.complain(
                "first (\(Phrases.time(retry.first))) is longer than longest "
                    + "(\(Phrases.time(retry.longest)))",
                remedy: "make longest longer", at: fields.tree("first") ?? tree)
        }
        return retry
    }

    private func projects(_ tree: YAMLTree) -> [RelayPlan.Project] {
        (values.mapping(tree, "projects") ?? []).compactMap { entry in
            guard let sender = SenderID(entry.key) else {
                values.complaints.add(
                    "\"\(entry.key)\" is no sender ID",
                    remedy: "write a project number, such as \"4711\"", at: entry.keyPlace)
                return nil
            }
            return values.text(entry.value, "the API key").map {
                RelayPlan.Project(sender: sender, apiKey: $0)
            }
        }
    }
}
