import AppServerMachine
import CloudMessaging
import DeviceMachine
import Journal
import Nodes
import RelayMachine
import Testing

@Suite("The journal of a message on its way down")
struct DownstreamJournalTests {
    private struct Cast {
        let world: World
        let phone: DeviceNode
        let shop: AppServerNode
        let token: OutgoingMessage.Target
    }

    private func cast(_ adjust: (inout RelaySettings) -> Void = { _ in }) throws -> Cast {
        let world = try World { adjust(&$0.machine) }
        let phone = try world.phone()
        let shop = world.shop()
        world.run(for: .seconds(1))
        let token = try #require(phone.token)
        return Cast(world: world, phone: phone, shop: shop, token: .to(token.text))
    }

    @Test("Each step has its line, and each line its cause; the receipt's lead back to the request")
    func everyStep() throws {
        let cast = try cast()
        let world = cast.world
        world.send("d-1", to: cast.token, from: cast.shop) { $0.wantsReceipt = true }
        world.run(for: .seconds(1))
        let events = world.events.filter { $0.messageID == MessageID("d-1") }
        #expect(
            events.map(\.kind) == [
                .appServerSent, .downstreamStanza, .messageState, .downstreamAnswer,
                .appServerAnswered, .delivery, .appReceived, .messageState,
            ])
        for event in events where event.kind != .downstreamAnswer {
            guard event.kind != .appServerAnswered else { continue }
            #expect(event.data == DataPayload([("code", "A7")]), "\(event.kind)")
        }
        #expect(world.states(of: "d-1") == [.queued, .inFlight, .settled])
        let delivery = try #require(world.events(.delivery).first)
        #expect(
            world.causes(of: delivery) == [.delivery, .messageState, .downstreamStanza])
        let answer = try #require(world.events(.downstreamAnswer).first)
        #expect(world.cause(of: answer)?.kind == .downstreamStanza)
        let receipt = try #require(world.events(.receipt).first)
        #expect(
            world.causes(of: receipt) == [.receipt, .messageState, .deliveryAcknowledged])
        #expect(receipt.from == cast.phone.token)
        #expect(world.states(of: "dr2:d-1") == [.queued, .inFlight, .settled])
        let settled = try #require(world.events(.messageState).last)
        #expect(
            world.causes(of: settled).prefix(5) == [
                .messageState, .upstreamAck, .appServerAcknowledged, .upstreamReceived, .receipt,
            ])
        #expect(world.events(.upstreamReceived).map(\.messageID) == [MessageID("dr2:d-1")])
        #expect(world.events(.appServerAcknowledged).count == 1)
    }

    @Test("A request that is refused is told with its error, by the relay and by the app server")
    func refusedRequest() throws {
        let cast = try cast()
        let world = cast.world
        world.send("d-1", to: .to("nobody"), from: cast.shop)
        world.run(for: .seconds(1))
        let answer = try #require(world.events(.downstreamAnswer).first)
        #expect(answer.detail?.error == "BAD_REGISTRATION")
        #expect(world.cause(of: answer)?.kind == .downstreamStanza)
        let told = try #require(world.events(.appServerAnswered).first)
        #expect(told.detail?.error == "BAD_REGISTRATION")
        #expect(world.cause(of: told)?.kind == .appServerSent)
        #expect(world.states(of: "d-1").isEmpty)
    }

    @Test("What was on the wire of a lost connection is queued again, because of that")
    func connectionLost() throws {
        let cast = try cast()
        let world = cast.world
        cast.phone.perform { machine, now in machine.goOffline(now: now) }
        world.run(for: .seconds(1))
        world.send("d-1", to: cast.token, from: cast.shop)
        world.run(for: .seconds(1))
        #expect(world.states(of: "d-1") == [.queued])
        cast.phone.perform { machine, now in machine.goOnline(now: now) }
        while world.events(.delivery).isEmpty { world.run(for: .milliseconds(1)) }
        world.connections[2].abort()
        world.run(for: .seconds(1))
        #expect(
            world.states(of: "d-1") == [.queued, .inFlight, .queued, .inFlight, .settled])
        let again = world.events(.messageState).filter { $0.detail?.reason == "connection lost" }
        #expect(again.count == 1)
        #expect(world.cause(of: try #require(again.first))?.kind == .connectionClosed)
    }

    @Test("Messages to a topic have one number")
    func topic() throws {
        let cast = try cast()
        let world = cast.world
        let tablet = try world.phone("tablet")
        world.run(for: .seconds(1))
        for device in [cast.phone, tablet] { device.ask(.subscribe(TopicName("news")!)) }
        world.run(for: .seconds(1))
        world.send("d-1", to: .to("/topics/news"), from: cast.shop)
        world.run(for: .seconds(1))
        let queued = try #require(world.events(.messageState).first { $0.state == .queued })
        #expect(queued.detail?.count == 2)
        #expect(world.events(.delivery).map(\.message) == [queued.message, queued.message])
        #expect(world.events(.appReceived).map(\.actor.text).sorted() == ["phone", "tablet"])
    }

    @Test("What leaves a mailbox is discarded, with the reason, and the app is told of the rest")
    func dropped() throws {
        let cast = try cast()
        let world = cast.world
        cast.phone.perform { machine, now in machine.goOffline(now: now) }
        world.run(for: .seconds(1))
        for number in 1...2 {
            world.send("c-\(number)", to: cast.token, from: cast.shop) { $0.collapseKey = "c" }
            world.run(for: .seconds(1))
        }
        let collapsed = world.events.filter { $0.state == .discarded }
        #expect(collapsed.map(\.message) == [1])
        #expect(collapsed.first?.detail?.reason == "a newer message took its place")
        #expect(world.cause(of: try #require(collapsed.first))?.messageID == MessageID("c-2"))
        for number in 1...101 {
            world.send("d-\(number)", to: cast.token, from: cast.shop)
            world.run(for: .milliseconds(50))
        }
        let overflowed = world.events.filter { $0.detail?.reason == "the mailbox was full" }
        #expect(overflowed.count > 100)
        cast.phone.perform { machine, now in machine.goOnline(now: now) }
        world.run(for: .seconds(1))
        let notice = world.events(.delivery).filter { $0.detail?.deed == "deleted-messages" }
        #expect(notice.map(\.detail?.count) == [overflowed.count])
        #expect(world.events(.appDeleted).map(\.detail?.count) == [overflowed.count])
    }

    @Test("A message expires in its mailbox, and at once with TTL 0")
    func expired() throws {
        let cast = try cast()
        let world = cast.world
        cast.phone.perform { machine, now in machine.goOffline(now: now) }
        world.run(for: .seconds(1))
        world.send("now", to: cast.token, from: cast.shop) { $0.timeToLive = 0 }
        world.send("soon", to: cast.token, from: cast.shop) { $0.timeToLive = 2 }
        world.run(for: .seconds(5))
        #expect(world.states(of: "now") == [.expired])
        let expired = world.events.filter { $0.state == .expired }
        #expect(expired.map(\.message) == [1, 2])
        #expect(world.cause(of: try #require(expired.last))?.messageID == MessageID("soon"))
    }

    @Test("A delivery for an app that was uninstalled is refused, by name")
    func uninstalled() throws {
        let cast = try cast()
        let world = cast.world
        cast.phone.perform { machine, now in machine.uninstall(World.app, now: now) }
        world.run(for: .seconds(1))
        world.send("d-1", to: cast.token, from: cast.shop)
        world.run(for: .seconds(1))
        let refused = try #require(world.events(.deliveryRefused).first)
        #expect(refused.messageID == MessageID("d-1"))
        #expect(refused.category == World.app)
        #expect(refused.detail?.error == "unregistered")
    }
}
