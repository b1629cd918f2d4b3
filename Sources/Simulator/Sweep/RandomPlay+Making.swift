import CloudMessaging
import Faults

extension RandomPlay {
    /// The play of a seed: always the same.
    package init(seed: UInt64) {
        var maker = PlayMaker(entropy: Entropy(seed: seed))
        self.init(
            seed: seed, relay: maker.relay(), cast: maker.cast(), acts: maker.acts())
    }
}

/// Draws a play.
private struct PlayMaker {
    var entropy: Entropy
    private var devices: [String] = []
    private var appServers: [String] = []
    private var lastID = 0
    private var lastDownstreamID = 0
    private var lastFault = 0

    init(entropy: Entropy) {
        self.entropy = entropy
    }

    // MARK: Chance

    mutating func below(_ bound: Int) -> Int { Int(entropy.next() % UInt64(bound)) }

    mutating func isLucky(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    /// A moment before everything is repaired, in milliseconds.
    mutating func moment() -> Int { 100 + below(RandomPlay.repairTime - 20_000) }

    /// How long a trouble lasts: mostly short, sometimes long.
    mutating func span() -> Int { isLucky(70) ? 1 + below(2_000) : below(20_000) }

    // MARK: Settings

    mutating func relay() -> [String] {
        var settings: [String] = []
        if isLucky(70) {
            settings.append(
                "retry: {first: \(pick([200, 1_000, 5_000]))ms, longest: \(pick([5, 30, 60]))s, "
                    + "jitter: \(pick(["0", "0.2", "1"]))}")
        }
        if isLucky(60) {
            settings.append("redelivery: \(pick(["both", "timer", "on-reconnect", "never"]))")
        }
        if isLucky(50) { settings.append("max-unacked: \(pick([1, 2, 5, 20]))") }
        if isLucky(20) { settings.append("reconnect-holdback: \(pick([1, 10]))s") }
        if isLucky(30) { settings.append("drain-grace: \(pick([100, 2_000, 10_000]))ms") }
        if isLucky(20) { settings.append("max-connections: \(pick([1, 2]))") }
        if isLucky(20) { settings.append("profile: docs") }
        if isLucky(20) { settings.append("quirks: {\(quirk())}") }
        return settings
    }

    private mutating func quirk() -> String {
        pick([
            "draining: silent", "draining: nack-only", "unknown-ack: ignore",
            "idle-timeout: 30s", "session-max-age: 20s", "requests-past-limit: nack",
        ])
    }

    private mutating func network() -> String {
        guard isLucky(60) else { return "" }
        var parts = ["latency: \(pick([0, 1, 20, 300]))ms"]
        if isLucky(50) { parts.append("jitter: \(pick([1, 50, 2_000]))ms") }
        if isLucky(40) { parts.append("fragment: \(pick([1, 7, 100, 1_387]))") }
        if isLucky(30) { parts.append("coalesce: true") }
        return ", network: {\(parts.joined(separator: ", "))}"
    }

    mutating func cast() -> [(name: String, text: String)] {
        var cast: [(String, String)] = []
        let senders = isLucky(70) ? ["4711"] : ["4711", "4712"]
        for number in 1...(1 + below(3)) {
            let name = "phone-\(number)"
            devices.append(name)
            let knows = senders.map { "\"\($0)\"" }.joined(separator: ", ")
            let limit = isLucky(20) ? ", pending-limit: none" : ""
            let full = isLucky(30) ? ", when-full: wait" : ""
            cast.append(
                (
                    name,
                    "{role: device, app: com.example.app\(number), sender-id: [\(knows)]\(limit)"
                        + "\(full)\(network())}"
                ))
        }
        for (number, sender) in (senders + (isLucky(30) ? ["4711"] : [])).enumerated() {
            let name = "shop-\(number + 1)"
            appServers.append(name)
            cast.append(
                (
                    name,
                    "{role: app-server, sender-id: \"\(sender)\", ack: \(habit()), "
                        + "connections: \(1 + below(3))\(network())}"
                ))
        }
        return cast
    }

    private mutating func habit() -> String {
        pick([
            "at-once", "at-once", "never", "{skip: \(1 + below(3)), then: at-once}",
            "{after: \(pick([10, 500, 3_000]))ms}",
        ])
    }

    // MARK: Acts

    mutating func acts() -> [RandomPlay.Act] {
        var acts: [RandomPlay.Act] = []
        for _ in 0..<(1 + below(25)) { acts.append(sending()) }
        for _ in 0..<below(8) { acts.append(sendingDown()) }
        for trouble in Trouble.allCases where isLucky(35) {
            for _ in 0..<(1 + below(4)) { acts.append(act(trouble)) }
        }
        return acts
    }

    private mutating func once(_ text: String) -> RandomPlay.Act {
        RandomPlay.Act(lines: [RandomPlay.Line(time: moment(), text: text)])
    }

    /// Something that goes wrong, and is right again later.
    private mutating func forAWhile(_ wrong: String, _ right: String) -> RandomPlay.Act {
        Self.act(wrong, right, at: moment(), for: span())
    }

    private static func act(
        _ wrong: String, _ right: String, at time: Int, for span: Int
    ) -> RandomPlay.Act {
        RandomPlay.Act(lines: [
            RandomPlay.Line(time: time, text: wrong),
            RandomPlay.Line(time: min(time + span, RandomPlay.repairTime - 1), text: right),
        ])
    }

    private mutating func sending() -> RandomPlay.Act {
        let ids: String
        if lastID > 0, isLucky(15) {
            ids = "id: m-\(1 + below(lastID))"
        } else if isLucky(20) {
            let count = 2 + below(30)
            ids = "ids: m-\(lastID + 1)..m-\(lastID + count)"
            lastID += count
        } else {
            lastID += 1
            ids = "id: m-\(lastID)"
        }
        let life = isLucky(40) ? ", ttl: \(pick([0, 1, 10, 60, 600]))s" : ""
        return once("\(pick(devices)): {sends: {\(ids)\(life)}}")
    }

    private mutating func sendingDown() -> RandomPlay.Act {
        lastDownstreamID += 1
        let receipt = isLucky(50) ? ", receipt: true" : ""
        let life = isLucky(30) ? ", ttl: \(pick([0, 1, 60]))s" : ""
        return once(
            "\(pick(appServers)): {sends: {id: d-\(lastDownstreamID), to: \(pick(devices))"
                + "\(receipt)\(life)}}")
    }

    private enum Trouble: CaseIterable {
        case reset, fin, silence, partition, hold, relayDies, deviceDies, appServerDies, offline
        case draining, storeFails, clock, habits, wrongACKs, rawFrames, stuck, tokens, stops
        case faults
    }

    private mutating func act(_ trouble: Trouble) -> RandomPlay.Act {
        let member = pick(devices + appServers)
        switch trouble {
        case .reset: return once("cut: {between: [relay, \(member)], how: reset}")
        case .fin: return once("cut: {between: [relay, \(member)], how: fin}")
        case .silence: return once("cut: {between: [relay, \(member)], how: silent}")
        case .partition:
            return forAWhile(
                "partition: {between: [relay, \(member)]}", "repair: {between: [relay, \(member)]}")
        case .hold:
            let way = isLucky(50) ? "from: relay, to: \(member)" : "from: \(member), to: relay"
            return forAWhile("hold: {\(way)}", "release: {\(way)}")
        case .relayDies:
            return forAWhile("relay: \(pick(["crashes", "loses-power"]))", "relay: restarts")
        case .deviceDies:
            let device = pick(devices)
            return forAWhile(
                "\(device): \(pick(["crashes", "loses-power"]))", "\(device): restarts")
        case .appServerDies:
            let appServer = pick(appServers)
            return forAWhile("\(appServer): crashes", "\(appServer): restarts")
        case .offline:
            let device = pick(devices)
            return forAWhile("\(device): goes-offline", "\(device): goes-online")
        case .draining: return once("relay: {drains: \(pick(appServers))}")
        case .storeFails: return forAWhile("store: fails", "store: recovers")
        case .clock:
            let seconds = pick([-3_600, -5, 5, 40, 3_600])
            return once("clock: {of: \(isLucky(50) ? "relay" : pick(devices)), by: \(seconds)s}")
        case .habits: return once("\(pick(appServers)): {changes: {ack: \(habit())}}")
        case .wrongACKs: return wrongACK()
        case .rawFrames: return once("\(pick(appServers)): {writes: {\(rawFrame())}}")
        case .stuck:
            let appServer = pick(appServers)
            return forAWhile("\(appServer): stops-reading", "\(appServer): reads-again")
        case .tokens: return once("\(pick(devices)): refreshes-token")
        case .stops: return once("relay: restarts")
        case .faults: return fault()
        }
    }

    private mutating func wrongACK() -> RandomPlay.Act {
        let id = "m-\(1 + below(max(1, lastID)))"
        let on = pick(["newest", "oldest"])
        let type = isLucky(20) ? ", type: \(pick(["akc", "nack", "receipt"]))" : ""
        return once(
            "\(pick(appServers)): {acks: {id: \(id), from: \(pick(devices)), on: \(on), "
                + "times: \(1 + below(3))\(type)}}")
    }

    private mutating func rawFrame() -> String {
        pick([
            #"json: "{""#, #"json: "[]""#, #"json: "{\"message_type\":\"ack\"}""#, #"xml: " ""#,
            #"xml: "<message><gcm""#, #"xml: "</stream:stream>""#,
            #"json: "{\"to\":\"x\",\"message_id\":\"y\"}""#,
        ])
    }

    // MARK: Faults

    /// A fault of any pair that makes sense, until it is mended.
    private mutating func fault() -> RandomPlay.Act {
        lastFault += 1
        let effect = pick(FaultEffect.all)
        var members = ["name: f-\(lastFault)", "on: \(effect.point.rawValue)"]
        if isLucky(40) { members.append("match: \(match(at: effect.point))") }
        members.append("do: \(effect.deed.rawValue)")
        switch effect.deed {
        case .delay: members.append("delay: \(pick([10, 500, 3_000, 30_000]))ms")
        case .nack:
            members.append("code: \(pick(["SERVICE_UNAVAILABLE", "QUOTA", "BAD_REGISTRATION"]))")
        case .drop, .duplicate, .reorder, .corrupt, .reset, .fin, .silent, .drain, .refuse: break
        }
        if isLucky(60) {
            members.append("times: \(1 + below(3))")
        } else if isLucky(50) {
            members.append("probability: \(pick(["0.1", "0.5"]))")
        }
        // Long enough that something comes to be bitten.
        return Self.act(
            "fault: {\(members.joined(separator: ", "))}", "mend: f-\(lastFault)",
            at: moment(), for: 10_000 + below(RandomPlay.repairTime))
    }

    /// Something of what comes there.
    private mutating func match(at point: FaultPoint) -> String {
        switch point {
        case .upstreamStanza, .upstreamAck:
            pick(["message_id=m-\(1 + below(max(1, lastID)))", "attempt=1", "attempt>1"])
        case .downstreamStanza, .downstreamAnswer:
            "message_id=d-\(1 + below(max(1, lastDownstreamID)))"
        case .receipt, .connection, .login: "sender_id=4711"
        }
    }
}
