import CloudMessaging
import FaultPlays
import Faults
import Journal
import Nodes
import RelayMachine
import Testing

@Suite("What each fault does, in virtual time")
struct FaultTests {
    @Test("Every pair that makes sense has its play")
    func complete() {
        let played = FaultCase.all.map(\.description)
        let known = FaultEffect.all.map { "\($0.point.rawValue) \($0.deed.rawValue)" }
        #expect(played.sorted() == known.sorted())
    }

    @Test("A pair does what the manual says", arguments: FaultCase.all)
    func play(_ expected: FaultCase) throws {
        let sound = try expected.bytes.map { _ in
            try play(expected.point, nil).heard.bytesAfterBinding
        }
        let outcome = try play(expected.point, expected.deed)
        #expect(outcome.differences(from: expected, sound: sound) == [])
    }

    /// A play in which each point is reached, twice where stanzas are concerned.
    private func play(_ point: FaultPoint, _ deed: FaultDeed?) throws -> FaultOutcome {
        let world = try World { settings in
            settings.machine.retry.first = .seconds(20)
            if let deed { settings.faults = [try point.rule(deed, sender: World.sender)] }
        }
        let phone = try world.phone()
        world.run(for: .seconds(1))
        let token = phone.token?.text ?? ""
        if point == .connection || point == .login { phone.send("m-1") }
        let client = world.wire()
        world.run(for: .milliseconds(100))
        switch point {
        case .upstreamStanza, .upstreamAck:
            phone.send("m-1")
            phone.send("m-2")
            world.run(for: .milliseconds(100))
            if point == .upstreamAck {
                client.write(acknowledgements: ["m-1", "m-2"], from: token)
            }
        case .downstreamStanza, .downstreamAnswer:
            client.write(requests: ["d-1", "d-2"], to: token)
        case .receipt: client.write(requests: ["d-1", "d-2"], to: token, wantReceipts: true)
        case .connection, .login: break
        }
        world.run(for: .seconds(5))
        return FaultOutcome(
            point, World.sender, client.heard, world.events,
            received: world.events(.appReceived).compactMap { $0.messageID?.text })
    }
}
