import CloudMessaging
import Faults
import Journal
import Nodes
import RelayMachine
import Testing

/// One pair of `on` and `do`: what the app server sees of a play in which it bites once, and what
/// the relay believes.
struct FaultCase: Sendable, CustomTestStringConvertible {
    let point: FaultPoint
    let deed: FaultDeed
    /// What the app server sees after its login, in order.
    let sees: [String]
    var state = WireClient.State.open
    /// What the relay takes for done: messages sent or settled, what the device got of requests
    /// (one that has the same ID and comes at once again it gets once).
    var believes: [String] = []
    /// How much of what it would see otherwise comes; nil: that is not compared.
    var bytes: Bytes?

    enum Bytes { case halfOfTheStanza, oneBitElse }

    init(
        _ point: FaultPoint, _ deed: FaultDeed, sees: [String],
        _ state: WireClient.State = .open, believes: [String] = [], _ bytes: Bytes? = nil
    ) {
        self.point = point
        self.deed = deed
        self.sees = sees
        self.state = state
        self.believes = believes
        self.bytes = bytes
    }

    var testDescription: String { "\(point.rawValue) \(deed.name.rawValue)" }
}

@Suite("What each fault does")
struct FaultTests {
    // MARK: The tables

    /// Two stanzas are written, and the first is bitten.
    private static func writing(_ point: FaultPoint, _ a: String, _ b: String) -> [FaultCase] {
        let sent = [a, b]
        return [
            FaultCase(point, .drop, sees: [b], believes: sent),
            FaultCase(point, .delay(.seconds(2)), sees: [b, a], believes: sent),
            FaultCase(point, .duplicate, sees: [a, a, b], believes: sent),
            FaultCase(point, .reorder, sees: [b, a], believes: sent),
            FaultCase(point, .corrupt, sees: [], believes: sent, .oneBitElse),
            FaultCase(point, .reset, sees: [], .reset, believes: sent, .halfOfTheStanza),
            FaultCase(point, .fin, sees: ["end"], .fin, believes: sent),
            FaultCase(point, .silent, sees: [], believes: sent),
            FaultCase(point, .drain, sees: ["draining", a, b], believes: sent),
        ]
    }

    /// Two ACKs come, and the first is bitten.
    private static let acknowledgements = [
        FaultCase(.upstreamAck, .drop, sees: [], believes: ["m-2"]),
        FaultCase(.upstreamAck, .delay(.seconds(2)), sees: [], believes: ["m-2", "m-1"]),
        FaultCase(.upstreamAck, .duplicate, sees: ["406"], believes: ["m-1", "m-2"]),
        FaultCase(.upstreamAck, .reorder, sees: [], believes: ["m-2", "m-1"]),
        FaultCase(.upstreamAck, .corrupt, sees: ["406"], believes: ["m-2"]),
        FaultCase(
            .upstreamAck, .nack(code: "ODD"), sees: ["nack m-1 ODD"], believes: ["m-2"]),
        FaultCase(.upstreamAck, .reset, sees: [], .reset),
        FaultCase(.upstreamAck, .fin, sees: ["end"], .fin),
        FaultCase(.upstreamAck, .silent, sees: []),
        FaultCase(
            .upstreamAck, .drain, sees: ["draining", "end"], .fin, believes: ["m-1", "m-2"]),
    ]

    /// Two requests come, and the first is bitten.
    private static let requests = [
        FaultCase(.downstreamStanza, .drop, sees: ["ack d-2"], believes: ["d-2"]),
        FaultCase(
            .downstreamStanza, .delay(.seconds(2)), sees: ["ack d-2", "ack d-1"],
            believes: ["d-2", "d-1"]),
        FaultCase(
            .downstreamStanza, .duplicate, sees: ["ack d-1", "ack d-1", "ack d-2"],
            believes: ["d-1", "d-2"]),
        FaultCase(
            .downstreamStanza, .reorder, sees: ["ack d-2", "ack d-1"], believes: ["d-2", "d-1"]),
        FaultCase(
            .downstreamStanza, .corrupt, sees: ["ack ?", "ack d-2"], believes: ["?", "d-2"]),
        FaultCase(
            .downstreamStanza, .nack(code: "ODD"), sees: ["nack d-1 ODD", "ack d-2"],
            believes: ["d-2"]),
        FaultCase(.downstreamStanza, .reset, sees: [], .reset),
        FaultCase(.downstreamStanza, .fin, sees: ["end"], .fin),
        FaultCase(.downstreamStanza, .silent, sees: []),
        FaultCase(
            .downstreamStanza, .drain,
            sees: ["draining", "nack d-2 CONNECTION_DRAINING", "ack d-1", "end"], .fin,
            believes: ["d-1"]),
    ]

    /// Two answers are written, and the first is bitten.
    private static let answers: [FaultCase] = {
        let taken = ["d-1", "d-2"]
        return [
            FaultCase(.downstreamAnswer, .drop, sees: ["ack d-2"], believes: taken),
            FaultCase(
                .downstreamAnswer, .delay(.seconds(2)), sees: ["ack d-2", "ack d-1"],
                believes: taken),
            FaultCase(
                .downstreamAnswer, .duplicate, sees: ["ack d-1", "ack d-1", "ack d-2"],
                believes: taken),
            FaultCase(
                .downstreamAnswer, .reorder, sees: ["ack d-2", "ack d-1"], believes: taken),
            FaultCase(.downstreamAnswer, .corrupt, sees: [], believes: taken, .oneBitElse),
            FaultCase(
                .downstreamAnswer, .nack(code: "ODD"), sees: ["nack d-1 ODD", "ack d-2"],
                believes: taken),
            FaultCase(
                .downstreamAnswer, .reset, sees: [], .reset, believes: taken, .halfOfTheStanza),
            FaultCase(.downstreamAnswer, .fin, sees: ["end"], .fin, believes: taken),
            FaultCase(.downstreamAnswer, .silent, sees: [], believes: taken),
            FaultCase(
                .downstreamAnswer, .drain, sees: ["draining", "ack d-1", "ack d-2", "end"], .fin,
                believes: taken),
        ]
    }()

    /// A connection is bound while a message waits for one.
    private static let bindings = [
        FaultCase(.connection, .delay(.seconds(2)), sees: ["m-1"], believes: ["bound"]),
        FaultCase(.connection, .reset, sees: [], .reset),
        FaultCase(.connection, .fin, sees: ["end"], .fin),
        FaultCase(.connection, .silent, sees: [], believes: ["bound"]),
        FaultCase(.connection, .drain, sees: ["draining", "end"], .fin, believes: ["bound"]),
        FaultCase(.connection, .refuse, sees: ["policy-violation", "end"], .fin),
    ]

    /// An app server logs in while a message waits for it.
    private static let logins = [
        FaultCase(.login, .drop, sees: []),
        FaultCase(.login, .delay(.seconds(2)), sees: ["m-1"], believes: ["bound"]),
        FaultCase(.login, .reset, sees: [], .reset),
        FaultCase(.login, .fin, sees: ["end"], .fin),
        FaultCase(.login, .silent, sees: []),
        FaultCase(.login, .refuse, sees: ["not-authorized", "end"], .fin),
    ]

    static let cases =
        writing(.upstreamStanza, "m-1", "m-2") + acknowledgements + requests + answers
        + writing(.receipt, "dr2:d-1", "dr2:d-2") + bindings + logins

    @Test("Every pair that makes sense has its play")
    func complete() {
        let played = Self.cases.map { "\($0.point.rawValue) \($0.deed.name.rawValue)" }
        let known = FaultEffect.all.map { "\($0.point.rawValue) \($0.deed.rawValue)" }
        #expect(played.sorted() == known.sorted())
    }

    // MARK: The plays

    @Test("A pair does what the manual says", arguments: cases)
    func play(_ expected: FaultCase) throws {
        let play = try FaultPlay(expected.point)
        try play.add(expected.deed)
        play.run()
        if expected.bytes == nil { #expect(play.sights == expected.sees) }
        #expect(play.client.state == expected.state)
        #expect(play.beliefs == expected.believes)

        let fault = try #require(play.world.events(.fault).first)
        #expect(play.world.events(.fault).count == 1)
        #expect(fault.detail?.deed == expected.deed.name.rawValue)
        #expect(fault.detail?.fault == 1)
        #expect(fault.sender == World.sender)
        #expect(play.world.cause(of: fault)?.kind == play.causeOfFault)

        guard let bytes = expected.bytes else { return }
        let sound = try FaultPlay(expected.point)
        sound.run()
        let (whole, bitten) = (sound.client.bytesAfterBinding, play.client.bytesAfterBinding)
        switch bytes {
        case .oneBitElse:
            #expect(whole.count == bitten.count)
            let bits = zip(whole, bitten).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
            #expect(bits == 1)
        case .halfOfTheStanza:
            #expect(whole.starts(with: bitten))
            let last = play.client.text.split(separator: "<message").last ?? ""
            #expect(last.count > 20)
            #expect(!last.contains("</message>"))
        }
    }
}

/// A play in which each point is reached, twice where stanzas are concerned.
final class FaultPlay {
    let point: FaultPoint
    let world: World
    let phone: DeviceNode
    private(set) var client: WireClient
    /// The name of the stanza that is bitten.
    let first: String

    init(_ point: FaultPoint) throws {
        self.point = point
        world = try World { $0.machine.retry.first = .seconds(20) }
        phone = try world.phone()
        client = WireClient(sender: World.sender, key: World.key)
        first =
            switch point {
            case .upstreamStanza, .upstreamAck: "m-1"
            case .downstreamStanza, .downstreamAnswer: "d-1"
            case .receipt: "dr2:d-1"
            case .connection, .login: ""
            }
        world.run(for: .seconds(1))
    }

    func add(_ deed: FaultDeed) throws {
        let match = first.isEmpty ? "sender_id=4711" : "message_id=\"\(first)\""
        let rule = try FaultRule(
            on: point, match: try Match(parsing: match), do: deed, .times(1))
        try world.relay.faults.box.add(rule)
    }

    func run() {
        if point == .connection || point == .login { phone.send("m-1") }
        client = world.wire()
        world.run(for: .milliseconds(100))
        switch point {
        case .upstreamStanza, .upstreamAck:
            phone.send("m-1")
            phone.send("m-2")
            world.run(for: .milliseconds(100))
            if point == .upstreamAck { acknowledge("m-1", "m-2") }
        case .downstreamStanza, .downstreamAnswer, .receipt: request("d-1", "d-2")
        case .connection, .login: break
        }
        world.run(for: .seconds(5))
    }

    private func acknowledge(_ ids: String...) {
        let token = phone.token?.text ?? ""
        let frames = ids.map {
            #"{"message_type":"ack","to":"\#(token)","message_id":"\#($0)"}"#
        }
        client.write(frames: frames)
    }

    private func request(_ ids: String...) {
        let token = phone.token?.text ?? ""
        let receipt = point == .receipt ? #","delivery_receipt_requested":true"# : ""
        let frames = ids.map {
            #"{"to":"\#(token)","message_id":"\#($0)","data":{"code":"A7"}\#(receipt)}"#
        }
        client.write(frames: frames)
    }

    // MARK: What came of it

    /// What the app server saw of what the play is about.
    var sights: [String] {
        var sights = client.sights
        switch point {
        case .upstreamAck: sights.removeAll { $0.hasPrefix("m-") }
        case .receipt: sights.removeAll { $0.hasPrefix("ack ") }
        case .downstreamStanza:
            sights = sights.map { sight in
                let isKnown = sight.contains("d-1") || sight.contains("d-2")
                return !isKnown && sight.hasPrefix("ack ") ? "ack ?" : sight
            }
        case .login where client.text.contains("<not-authorized"):
            sights.insert("not-authorized", at: 0)
        case .upstreamStanza, .downstreamAnswer, .connection, .login: break
        }
        return sights
    }

    /// What the relay takes for done.
    var beliefs: [String] {
        switch point {
        case .upstreamStanza: ids(.upstreamStanza)
        case .receipt: ids(.receipt)
        case .upstreamAck:
            world.events(.messageState).filter { $0.state == .settled }
                .compactMap { $0.messageID?.text }
        case .downstreamStanza, .downstreamAnswer:
            ids(.appReceived).map { ["d-1", "d-2"].contains($0) ? $0 : "?" }
        case .connection, .login:
            world.events(.connectionBound).suffix(1).compactMap {
                $0.actor.text == "shop" ? "bound" : nil
            }
        }
    }

    private func ids(_ kind: JournalEvent.Kind) -> [String] {
        world.events(kind).compactMap { $0.messageID?.text }
    }

    /// What led to the fault, as the journal tells it.
    var causeOfFault: JournalEvent.Kind {
        switch point {
        case .upstreamStanza: .upstreamStanza
        case .receipt: .receipt
        case .upstreamAck: .upstreamAck
        case .downstreamStanza, .downstreamAnswer: .downstreamStanza
        case .connection: .loginAccepted
        case .login: .connectionOpened
        }
    }
}
