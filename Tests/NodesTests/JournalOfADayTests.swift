import AppServerMachine
import CloudMessaging
import DeviceMachine
import Journal
import MessageStore
import Nodes
import RelayMachine
import Testing

/// A day on which about everything happens.
private final class Day {
    let world: World
    let phone: DeviceNode

    init() throws {
        world = try World { $0.machine.retry.first = .seconds(2) }
        phone = try world.phone()
        let shop = world.shop { $0.acknowledgedBy = .policy(.skip(1)) }
        world.run(for: .seconds(1))
        try exchangeMessages(with: shop)
        breakRules()
        logInBadly()
        end(shop)
    }

    private func exchangeMessages(with shop: AppServerNode) throws {
        let token = OutgoingMessage.Target.to(phone.token?.text ?? "")
        phone.send("m-1", data: DataPayload([("parcel", "17")]))
        phone.send("m-2", data: DataPayload([("k", String(repeating: "x", count: 5_000))]))
        world.send("d-1", to: token, from: shop) { $0.wantsReceipt = true }
        world.run(for: .seconds(10))
        phone.perform { machine, now in machine.goOffline(now: now) }
        world.run(for: .seconds(1))
        for number in 1...101 {
            world.send("o-\(number)", to: token, from: shop)
            world.run(for: .milliseconds(50))
        }
        phone.perform { machine, now in machine.goOnline(now: now) }
        world.run(for: .seconds(1))
        phone.perform { machine, now in machine.uninstall(World.app, now: now) }
        world.send("d-2", to: token, from: shop)
        world.run(for: .seconds(1))
    }

    private func breakRules() {
        world.inject(frame: #"{"to":"x","message_id":"m","message_type":"ack"}"#, on: 2)
        world.inject(frame: "[]", on: 2)
        world.inject("<message id='u'/>", on: 3)
        world.run(for: .seconds(1))
        world.store.store.failure = StoreFailure(.unavailable, "the disk is full")
        phone.perform { machine, _ in
            _ = machine.register(World.app, senders: [World.sender])
        }
        world.run(for: .seconds(1))
        world.store.store.failure = nil
        world.run(for: .seconds(10))
    }

    /// User and password the wrong way round, with blanks, of nobody.
    private func logInBadly() {
        let key = SenderID(World.key)!
        let shops = [
            world.shop("exchanged", key: World.sender.text, sender: key),
            world.shop("twice", key: World.key, sender: key),
            world.shop("blanks", key: World.key + " "),
            world.shop("wrong", key: "AIza-another-key"),
        ]
        world.run(for: .seconds(1))
        for shop in shops { shop.stop {} }
    }

    private func end(_ shop: AppServerNode) {
        world.relay.drainAll()
        world.run(for: .seconds(1))
        shop.stop {}
        world.recorder.note(.rowDamaged(DamagedRow("a message has no data")))
        world.recorder.powerCut()
        world.relay.shutDown {}
        world.run(for: .seconds(1))
        world.recorder.crashed()
    }
}

@Suite("The journal of a day")
struct JournalOfADayTests {
    @Test("Every kind that nodes make is made; the others are the driver's own")
    func everyKind() throws {
        let day = try Day()
        let made = Set(day.world.events.map(\.kind))
        for kind in JournalEvent.Kind.allCases {
            #expect(made.contains(kind) != (kind == .fault || kind == .scenarioStep), "\(kind)")
        }
    }

    @Test("The same day twice gives the same lines, each of which can be read")
    func sameLines() throws {
        let lines = try Day().world.lines
        #expect(try Day().world.lines == lines)
        for line in lines.split(separator: "\n") {
            _ = try JournalEvent(line: Array(line.utf8))
        }
    }

    @Test("No cause comes after what it led to, and none is of another message")
    func causes() throws {
        let world = try Day().world
        for event in world.events {
            guard let cause = world.cause(of: event) else { continue }
            #expect(cause.number < event.number)
            #expect(cause.instant <= event.instant)
            guard let message = event.message, let earlier = cause.message else { continue }
            #expect(message == earlier || event.state == .discarded)
        }
    }

    @Test("No key and no security token is in any line")
    func secrets() throws {
        let day = try Day()
        let identity = try #require(day.phone.machine.identity)
        #expect(day.world.events(.loginRefused).count == 4)
        for event in day.world.events {
            var line: [UInt8] = []
            event.appendLine(to: &line)
            let text = String(decoding: line, as: UTF8.self)
            #expect(!text.contains(World.key), "\(text)")
            #expect(!text.contains("another-key"), "\(text)")
            #expect(!text.contains(identity.securityToken), "\(text)")
        }
    }
}
