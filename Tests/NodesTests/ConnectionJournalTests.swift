import CloudMessaging
import DeviceMachine
import Journal
import MessageStore
import Nodes
import RelayMachine
import Testing

@Suite("The journal of connections, logins and requests")
struct ConnectionJournalTests {
    @Test("A relay that ends drains, closes and stops, and both ends tell it")
    func end() throws {
        let world = try World()
        let phone = try world.phone()
        let shop = world.shop()
        world.run(for: .seconds(1))
        shop.stop {}
        phone.perform { machine, now in machine.goOffline(now: now) }
        world.run(for: .seconds(1))
        let other = world.shop("other")
        world.run(for: .seconds(1))
        world.relay.drainAll()
        world.run(for: .milliseconds(100))
        other.stop {}
        world.run(for: .seconds(1))
        world.relay.shutDown {}
        world.run(for: .seconds(1))
        let closed = world.events(.connectionClosed)
        #expect(closed.map(\.actor.text).contains("phone"))
        #expect(closed.allSatisfy { $0.detail?.deed == "fin" })
        let drained = try #require(closed.first { $0.cause != nil })
        #expect(world.cause(of: drained)?.kind == .connectionDraining)
        #expect(world.events(.appServerDraining).map(\.actor.text) == ["other"])
        #expect(world.events(.deviceOffline).map(\.actor.text) == ["phone"])
        #expect(world.events(.processStopped).map(\.actor.text) == ["shop", "other", "relay"])
        #expect(
            world.events(.processStarted).map(\.actor.text) == ["relay", "phone", "shop", "other"])
    }

    @Test("In a live relay, where nobody is named, devices are known by their IDs")
    func liveNames() throws {
        let world = try World(namesPeers: false)
        let phone = try world.phone()
        let shop = world.shop()
        world.run(for: .seconds(1))
        #expect(world.events(.connectionOpened).map(\.actor.text) == ["device", "app-server"])
        let device = try #require(phone.machine.identity)
        #expect(
            world.events(.loginAccepted).map(\.actor.text) == ["app-server", "device \(device.id)"])
        withExtendedLifetime(shop) {}
    }

    @Test("Requests of apps and their answers go together")
    func requests() throws {
        let world = try World()
        let phone = try world.phone()
        world.run(for: .seconds(1))
        let group = GroupName("family")!
        let news = TopicName("news")!
        let stranger = SenderID("4712")!
        for request: AppRequest in [
            .subscribe(news), .unsubscribe(news), .joinGroup(group, of: World.sender),
            .leaveGroup(group, of: World.sender), .joinGroup(group, of: stranger),
            .refreshToken, .unregister,
        ] {
            phone.ask(request)
            world.run(for: .seconds(1))
        }
        let answers = world.events(.deviceAnswer)
        #expect(
            answers.map { world.cause(of: $0)?.detail?.deed } == [
                "check-in", "register", "subscribe", "unsubscribe", "join-group", "leave-group",
                "join-group", "refresh-token", "unregister",
            ])
        #expect(
            answers.map(\.detail?.deed) == [
                "checked-in", "registered", "subscribed", "unsubscribed", "joined-group",
                "left-group", "refused", "token-refreshed", "unregistered",
            ])
        #expect(answers.map { $0.from != nil }.count { $0 } == 2, "two answers bring a token")
        #expect(answers[6].detail?.error == "invalid_parameters")
        #expect(answers.dropFirst().allSatisfy { $0.category == World.app })
    }

    @Test("Frames and streams that break a rule are told with the error that answers them")
    func brokenRules() throws {
        let world = try World()
        let shop = world.shop()
        world.run(for: .seconds(1))
        world.inject(frame: #"{"message_type":"ack"}"#, on: 1)
        world.inject(frame: #"{"to":"x","message_id":"d-1","time_to_live":-1}"#, on: 1)
        world.inject(frame: "[]", on: 1)
        world.inject("<message><<", on: 1)
        world.run(for: .milliseconds(100))
        let refused = world.events(.stanzaRefused)
        #expect(
            refused.map(\.detail?.error) == ["BAD_ACK", "INVALID_JSON", nil, "invalid-xml"])
        #expect(refused.allSatisfy { $0.detail?.reason != nil && $0.sender == World.sender })
        #expect(world.events(.appServerDisconnected).count == 1)
        withExtendedLifetime(shop) {}
    }

    @Test("A store that fails and works again is told once each; so is an outbox that fails")
    func store() throws {
        let world = try World()
        let phone = try world.phone()
        world.run(for: .seconds(1))
        world.store.store.failure = StoreFailure(.unavailable, "the disk is full")
        phone.send("m-1")
        world.run(for: .seconds(3))
        world.store.store.failure = nil
        world.run(for: .seconds(10))
        #expect(world.events(.storeFailed).map(\.detail?.reason) == ["the disk is full"])
        #expect(world.events(.storeRecovered).count == 1)
        #expect(world.states(of: "m-1") == [.queued])
        #expect(world.events(.storeCommitted).last?.detail?.count == 1)
    }

    @Test("What only the driver knows is told by the driver")
    func driver() throws {
        let world = try World()
        world.recorder.powerCut()
        world.recorder.crashed()
        #expect(world.events(.storePowerCut).map(\.actor) == [.store])
        #expect(world.events(.processCrashed).map(\.actor) == [.relay])
    }
}
