import CloudMessaging
import DequeModule
import Testing

@testable import RelayMachine

/// Design decision 12: whatever is kept in memory has a bound, and who breaks one is found out.
struct MemoryBoundTests {
    /// Something that must never be.
    struct Damage: Sendable, CustomTestStringConvertible {
        let excess: String
        let make: @Sendable (inout RelayMachine) -> Void

        var testDescription: String { excess }
    }

    static let damages: [Damage] = [
        Damage(excess: "1 pairs that nothing on its way has, at most 0") { machine in
            machine.senders[0].pairs[pair("left over")] = PairRecord()
        },
        Damage(excess: "1 devices that are offline with nothing on its way, at most 0") { machine in
            let device = machine.devices.slotsInUse[0]
            machine.devices[device].stream = nil
        },
        Damage(excess: "101 deliveries of a device on the wire, at most 100") { machine in
            let device = machine.devices.slotsInUse[0]
            let registration = machine.devices[device].registrations[0]
            for number in 1...101 {
                machine.devices.putOnWire(
                    .deletion(
                        DeletionNotice(
                            registration: registration.number, total: 1, through: number),
                        of: registration), of: device)
            }
        },
        Damage(excess: "33 routes of a device, at most 32") { machine in
            let device = machine.devices.slotsInUse[0]
            let registration = machine.devices[device].registrations[0]
            let lane = LaneID(sender: SenderNumber(rawValue: 0), index: 0)
            machine.devices[device].routes = Array(
                repeating: Route(registration: registration, to: "4711", lane: lane), count: 33)
        },
        Damage(excess: "65 messages of a lane held back, at most 64") { machine in
            machine.senders[0].lanes[3].heldCount = 65
        },
        Damage(excess: "65 places of a lane in the store, at most 64") { machine in
            let lane = machine.senders[0].lanes[3].id
            machine.senders[0].lanes[3].stored = (1...65).map { number in
                let after = MessageKey(lane: lane, sequence: 1_000_000 + Int64(number))
                return StoredSpan(after: after, through: after)
            }
        },
        Damage(excess: "1001 left-over credits of a connection, at most 1000") { machine in
            machine.senders[0].connections[0].leftoverCount = 1_001
        },
        Damage(excess: "101 requests without an answer on a connection, at most 100") { machine in
            machine.senders[0].connections[0].unansweredRequests = 101
        },
        Damage(excess: "1025 messages of a lane in memory, at most 1024") { machine in
            let device = machine.devices.slotsInUse[0]
            let origin = machine.devices[device].registrations[0]
            let lane = machine.senders[0].lanes[3].id
            machine.senders[0].lanes[3].ready = Deque(
                (1...1_025).map { number in
                    UpstreamMessage(
                        key: MessageKey(lane: lane, sequence: 1_000_000 + Int64(number)),
                        origin: origin, id: MessageID("m")!, data: .empty, timeToLive: 60,
                        expiry: .never)
                })
        },
    ]

    private static func pair(_ id: String) -> MessagePair {
        MessagePair(token: RegistrationToken("t"), id: MessageID(id)!)
    }

    @Test("Each bound is looked at", arguments: damages)
    func broken(_ damage: Damage) {
        let relay = RelayConversation()
        let phone = relay.phone()
        relay.connect()
        phone.sends("m-1")
        #expect(relay.machine.memoryExcess == nil)
        var machine = relay.machine
        damage.make(&machine)
        #expect(machine.memoryExcess?.description == damage.excess)
    }

    @Test("Messages that go their way, and their devices, leave nothing behind")
    func nothingLeft() {
        let relay = RelayConversation()
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("m-1")
        relay.acknowledge(phone.pair("m-1"), on: shop)
        relay.disconnect(shop)
        #expect(relay.machine.memoryExcess == nil)
        #expect(relay.machine.senders.allSatisfy { $0.pairs.isEmpty })
    }
}
