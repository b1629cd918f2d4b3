import AppServerMachine
import CloudMessaging
import Nodes
import RelayMachine
import Simulator
import Testing

@Suite("The simulated network does to connections what real ones do")
struct NetworkTests {
    @Test("reads may be cut anywhere, and come together", arguments: [1, 7, 100])
    func fragments(size: Int) {
        var network = NetworkSettings()
        network.fragment = size
        network.jitter = .milliseconds(5)
        network.coalesce = .milliseconds(2)
        let street = Street(network: network)
        street.run(.seconds(1))
        for number in 1...20 { street.send("m-\(number)") }
        street.run(.seconds(10))
        let got = street.transcript.said("shop").filter { $0.hasPrefix("got") }
        #expect(got == (1...20).map { "got m-\($0) (1)" })
    }

    @Test("a connection that is reset is told to both ends, and both come back")
    func reset() {
        let street = Street(shop: .never)
        street.run(.seconds(1))
        street.send("m-1")
        street.run(.seconds(1))
        street.simulation.network.cut(street.shop.host, .reset)
        street.run(.seconds(1))
        #expect(
            street.transcript.said("shop") == [
                "connected", "got m-1 (1)", "disconnected: the connection was reset", "connected",
                "got m-1 (2)",
            ])
        #expect(street.transcript.said("relay").contains("m-1 again (2): connection lost"))
    }

    @Test("a connection that is closed in order ends without a fault")
    func fin() {
        let street = Street(shop: .never)
        street.run(.seconds(1))
        street.simulation.network.cut(street.shop.host, .fin)
        street.run(.seconds(1))
        #expect(
            street.transcript.said("shop") == [
                "connected", "disconnected: the connection was closed", "connected",
            ])
    }

    @Test("a silent connection is noticed only by who writes, after 30 s")
    func silent() {
        let street = Street(shop: .never)
        street.run(.seconds(1))
        street.simulation.network.cut(street.shop.host, .silent)
        street.send("m-1")
        street.run(.seconds(29))
        #expect(!street.transcript.said("relay").contains { $0.hasPrefix("lost shop") })
        street.run(.seconds(3))
        let lost = street.transcript.said("relay").filter { $0.hasPrefix("lost shop") }
        #expect(lost == ["lost shop, the peer acknowledged nothing for 30 s"])
        // The shop heard nothing and has nothing to say: for it the connection is there.
        #expect(street.transcript.said("shop") == ["connected"])
    }

    @Test("what a short partition holds up arrives when it is over; nobody connects meanwhile")
    func partition() {
        let street = Street()
        street.run(.seconds(1))
        street.simulation.network.partition(street.shop.host, true)
        street.send("m-1")
        street.run(.seconds(8))
        #expect(street.transcript.said("shop") == ["connected"])
        street.simulation.network.partition(street.shop.host, false)
        street.run(.seconds(1))
        #expect(street.transcript.said("shop") == ["connected", "got m-1 (1)", "acked m-1"])
    }

    @Test("what is held in one direction waits, and then comes in order")
    func hold() {
        let street = Street()
        street.run(.seconds(1))
        street.simulation.network.hold(from: street.shop.host, to: .relay, true)
        street.send("m-1")
        street.send("m-2")
        street.run(.seconds(5))
        #expect(street.simulation.relay.node?.machine.counters.live == 2)
        street.simulation.network.hold(from: street.shop.host, to: .relay, false)
        street.run(.seconds(1))
        #expect(street.simulation.relay.node?.machine.counters.live == 0)
    }

    @Test("a shop whose machine lost its power is silent; its next life gets everything")
    func powerCut() {
        let street = Street(shop: .never)
        street.run(.seconds(1))
        street.shop.die(.powerCut)
        street.send("m-1")
        street.run(.seconds(5))
        street.shop.start()
        street.run(.seconds(40))
        #expect(street.transcript.said("shop").contains("got m-1 (1)"))
    }
}

@Suite("Processes die, disks remember")
struct DeathTests {
    @Test("who waits for a relay without power asks after two hours, and finds the next life")
    func keepAlive() {
        let street = Street(shop: .never)
        street.run(.seconds(1))
        street.simulation.relay.die(.powerCut)
        street.run(.seconds(60))
        street.simulation.relay.start()
        street.run(.seconds(7_000))
        #expect(street.transcript.said("shop") == ["connected"])
        street.run(.seconds(300))
        #expect(
            street.transcript.said("shop") == [
                "connected", "disconnected: the peer does not answer any more", "connected",
            ])
    }

    @Test("what the relay called sent is there after a crash or a power cut", arguments: Death.all)
    func relayDies(death: Death) {
        let street = Street(shop: .never)
        street.run(.seconds(1))
        for number in 1...5 { street.send("m-\(number)") }
        street.run(.seconds(3))
        street.simulation.relay.die(death)
        street.run(.seconds(1))
        street.simulation.relay.start()
        street.simulation.network.cut(street.shop.host, .reset)
        street.run(.seconds(60))
        #expect(street.simulation.relay.node?.machine.counters.live == 5)
        let second = street.transcript.said("shop").filter { $0.hasSuffix("(2)") }
        #expect(second == (1...5).map { "got m-\($0) (2)" })
    }

    @Test("a device that crashes sends in its next life what its outbox holds")
    func deviceDies() {
        let street = Street()
        street.simulation.relay.die(.crash)
        street.run(.seconds(1))
        street.send("m-1")
        street.run(.seconds(1))
        street.phone.die(.crash)
        street.simulation.relay.start()
        street.phone.start()
        street.startPhone()
        street.run(.seconds(60))
        #expect(street.transcript.said("shop").contains("got m-1 (1)"))
        #expect(street.transcript.said("phone").contains("sent m-1"))
    }

    @Test("a clock that jumps is felt by the next life: what lived too long is gone")
    func clock() {
        let street = Street(shop: .never)
        street.run(.seconds(1))
        street.send("m-1", timeToLive: 600)
        street.run(.seconds(3))
        street.simulation.relay.clockOffset = .seconds(3_600)
        street.run(.seconds(1))
        #expect(street.simulation.relay.node?.machine.counters.live == 1)
        street.simulation.relay.die(.crash)
        street.simulation.relay.start()
        street.run(.seconds(5))
        #expect(street.simulation.relay.node?.machine.counters.live == 0)
    }

    @Test("a full disk calls nothing sent; with room again everything goes its way")
    func fullDisk() {
        let street = Street()
        street.run(.seconds(1))
        street.simulation.relay.storeFault = .full
        street.send("m-1")
        street.run(.seconds(10))
        #expect(!street.transcript.said("phone").contains("sent m-1"))
        street.simulation.relay.storeFault = nil
        street.run(.seconds(10))
        #expect(street.transcript.said("phone").contains("sent m-1"))
        #expect(street.transcript.said("shop").contains("acked m-1"))
    }

    @Test("a commit whose outcome is unknown is repeated and stores nothing twice")
    func unknownOutcome() {
        let street = Street()
        street.run(.seconds(1))
        street.simulation.relay.storeFault = .unknownOutcome
        street.send("m-1")
        street.run(.seconds(10))
        street.simulation.relay.storeFault = nil
        street.run(.seconds(20))
        #expect(street.transcript.said("shop") == ["connected", "got m-1 (1)", "acked m-1"])
    }
}

extension AppServerSettings {
    /// ACKs nothing.
    static var never: AppServerSettings {
        var settings = AppServerSettings()
        settings.acknowledgedBy = .policy(.never)
        return settings
    }
}

extension Death {
    static let all: [Death] = [.crash, .powerCut]
}
