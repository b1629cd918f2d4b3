import CloudMessaging
import DequeModule

extension SenderQueue {
    /// A fresh message is on disk: it is forwarded from memory if somebody is there to take it.
    mutating func committed(
        _ message: UpstreamMessage, now: Instant, _ effects: inout QueueEffects
    ) {
        let lane = message.key.lane.index
        lanes[lane].append(message, keepInMemory: !connections.isEmpty)
        if lanes[lane].blockedSince == nil { pump(lane, now: now, &effects) }
    }

    /// The store answered a read of a lane.
    mutating func laneRead(
        _ wanted: WantedRead, _ messages: [UpstreamMessage], without ended: RecentlyEnded,
        now: Instant, _ effects: inout QueueEffects
    ) {
        let lane = wanted.read.lane.index
        guard wanted.generation == lanes[lane].readGeneration, lanes[lane].isReading else { return }
        lanes[lane].take(messages, readBy: wanted.read, without: ended)
        pump(lane, now: now, &effects)
    }
}
