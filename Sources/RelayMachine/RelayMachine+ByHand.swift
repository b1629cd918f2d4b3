package import CloudMessaging
import DequeModule

/// What people do to messages: end them, and put others in.
extension RelayMachine {
    /// Ends upstream messages that the store holds, whatever their connections say later. Returns
    /// how many; the others have ended already.
    package mutating func end(
        _ messages: [UpstreamMessage], as ending: HandEnding, now: Instant
    ) -> Int {
        var count = 0
        // The last first: what a freed slot sends would be ended next.
        for message in messages.reversed()
        where message.expiry > now && !endedByHand.contains(message.key) {
            let sender = Int(message.key.lane.sender.rawValue)
            let names = [message.pair] + formerPairs(of: message)
            guard senders[sender].end(message, names, as: ending, now: now, &effects)
            else { continue }
            endedByHand.insert(message.key)
            noteDeadline(ofSender: sender)
            count += 1
        }
        collectQueueEffects(now: now)
        return count
    }

    /// It may be in flight under a name that its registration had before.
    private func formerPairs(of message: UpstreamMessage) -> [MessagePair] {
        guard message.kind == .message else { return [] }
        return formerTokens[message.origin.token].map { MessagePair(token: $0, id: message.id) }
    }

    /// Ends downstream messages that the store holds. Returns how many; the others have ended, or
    /// are on their way to their device.
    package mutating func end(
        _ messages: [DownstreamMessage], as ending: HandEnding, now: Instant
    ) -> Int {
        var count = 0
        let confirmed = pipeline.confirmedDeliveries
        for message in messages where message.expiry > now && !confirmed.contains(message.key) {
            if let slot = onlineDevices[message.key.registration] {
                guard !devices[slot].isOnWire(message.key) else { continue }
                if let index = devices[slot].indexOfMailbox(message.key.registration) {
                    devices[slot].mailboxes[index].drop([message.key.sequence])
                }
            }
            pipeline.remove(message.key, now: now)
            effects.tell(.downstream(message, .endedByHand(ending)))
            count += 1
        }
        return count
    }

    /// Puts a message in as if its registration had sent it; it goes the way of all, once it is on
    /// disk.
    ///
    /// - Parameter timeToLive: seconds, more than 0.
    /// - Returns: its number.
    package mutating func inject(
        _ id: MessageID, from origin: Registration, to sender: SenderID, data: DataPayload,
        timeToLive: Int, now: Instant
    ) -> Int64 {
        let lane = LaneID(
            sender: senderNumber(of: sender), index: LaneHash.lane(of: origin.token))
        let timeToLive = min(max(1, timeToLive), settings.timeToLiveCap)
        let message = UpstreamMessage(
            key: nextKey(in: lane), origin: origin, id: id, data: data, timeToLive: timeToLive,
            expiry: now + .seconds(timeToLive))
        effects.tell(.made(message.key.sequence, of: .order, sender: lane.sender))
        pipeline.next.batch.messages.append(message)
        return message.key.sequence
    }

    /// Where messages of the store stand, in their order; nil: it has ended, and the store does not
    /// know it yet.
    package func standings(of messages: [UpstreamMessage]) -> [MessageStanding?] {
        messages.map { message in
            let queue = senders[Int(message.key.lane.sender.rawValue)]
            let names = [message.pair] + formerPairs(of: message)
            for case let record? in names.map({ queue.pairs[$0] }) where record.holds(message.key) {
                guard let flight = record.flight, flight.message.key == message.key
                else { return .held }
                return flight.latest.map {
                    .inFlight(attempts: flight.attempts, on: $0)
                } ?? .queued(attempts: flight.attempts)
            }
            let isWaiting =
                !endedByHand.contains(message.key)
                && queue.lanes[message.key.lane.index].mayHold(message.key)
            return isWaiting ? .queued(attempts: 0) : nil
        }
    }

    /// Whether messages of the store wait for their devices, in their order; false: they have ended,
    /// and the store does not know it yet.
    package func areWaiting(_ messages: [DownstreamMessage]) -> [Bool] {
        let confirmed = pipeline.confirmedDeliveries
        return messages.map { !confirmed.contains($0.key) }
    }

    /// Where connections of app servers stand, in their order; nil: it is not bound.
    package func standings(of connections: [ConnectionID]) -> [ConnectionStanding?] {
        connections.map { id in
            guard let number = self.connections[id] else { return nil }
            let queue = senders[Int(number.rawValue)]
            guard let position = queue.positions[id] else { return nil }
            let connection = queue.connections[position]
            return ConnectionStanding(
                isDraining: connection.state != .open, unacknowledged: connection.window.count,
                unanswered: connection.unansweredRequests, boundAt: connection.boundAt)
        }
    }
}

extension RelayMachine {
    /// Which of these devices have a stream that is bound, in their order.
    package func areOnline(_ devices: [DeviceID]) -> [Bool] {
        devices.map { self.devices[$0]?.stream != nil }
    }

    /// Where connections of devices stand, in their order; nil: it has not logged in.
    package func standings(of streams: [DeviceStreamID]) -> [DeviceStanding?] {
        streams.map { id in
            guard let stream = self.streams[id] else { return nil }
            switch stream.state {
            case .connected: return nil
            case .authenticated(let slot):
                return DeviceStanding(device: devices[slot].id, unacknowledged: 0, unanswered: 0)
            case .bound(let slot):
                return DeviceStanding(
                    device: devices[slot].id, unacknowledged: devices[slot].onWire.count,
                    unanswered: stream.unanswered)
            }
        }
    }
}

/// How somebody ends a message by hand.
package enum HandEnding: String, Sendable, CaseIterable {
    /// As if it had been acknowledged.
    case settled
    /// It is given up.
    case discarded
}

/// Where an upstream message stands; attempts are those of this life.
package enum MessageStanding: Sendable, Equatable {
    case queued(attempts: Int)
    case held
    case inFlight(attempts: Int, on: ConnectionID)
}

/// Where the bound connection of an app server stands.
package struct ConnectionStanding: Sendable {
    package let isDraining: Bool
    /// Messages without an ACK.
    package let unacknowledged: Int
    /// Requests without an answer.
    package let unanswered: Int
    package let boundAt: Instant
}

/// Where the connection of a device stands that has logged in.
package struct DeviceStanding: Sendable {
    package let device: DeviceID
    /// Deliveries that it did not acknowledge.
    package let unacknowledged: Int
    /// Uploads on their way to the store.
    package let unanswered: Int
}

/// The messages that were ended by hand last: what was read of the store before may still have
/// them.
struct RecentlyEnded: Hashable {
    private static let limit = 1 << 16
    private(set) var keys: Set<MessageKey> = []
    private var order: Deque<MessageKey> = []

    mutating func insert(_ key: MessageKey) {
        guard keys.insert(key).inserted else { return }
        order.append(key)
        if order.count > Self.limit, let oldest = order.popFirst() { keys.remove(oldest) }
    }

    func contains(_ key: MessageKey) -> Bool { !keys.isEmpty && keys.contains(key) }
}
