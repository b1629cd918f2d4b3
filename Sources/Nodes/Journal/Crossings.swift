import CloudMessaging
import DequeModule

/// Stanzas between a relay and its app servers that one end wrote and the other has not yet noted:
/// where both write one journal, the second event names the first as its cause.
///
/// A connection keeps the order. So what was written before what arrives has not arrived.
package final class Crossings {
    private enum Road: Hashable { case toAppServer, toRelay }

    private struct Way: Hashable {
        let connection: Int
        let road: Road
    }

    /// Connections that are remembered, and stanzas of each: more than a window has.
    private static let connections = 256
    private static let stanzas = 256

    private var underWay: [Way: RecentValues<MessagePair, UInt64>] = [:]
    private var order: Deque<Way> = []

    package init() {}

    func relayWrote(_ pair: MessagePair, _ event: UInt64, on connection: Int) {
        wrote(pair, event, Way(connection: connection, road: .toAppServer))
    }

    func appServerWrote(_ pair: MessagePair, _ event: UInt64, on connection: Int) {
        wrote(pair, event, Way(connection: connection, road: .toRelay))
    }

    /// What the relay called written last is not, or not yet.
    func relayKept(_ pair: MessagePair, on connection: Int) {
        _ = underWay[Way(connection: connection, road: .toAppServer)]?.removeNewest(pair)
    }

    /// The event of the stanza that arrives at the app server.
    func reachedAppServer(_ pair: MessagePair, on connection: Int) -> UInt64? {
        underWay[Way(connection: connection, road: .toAppServer)]?.removeThrough(pair)
    }

    /// The event of the ACK that arrives at the relay.
    func reachedRelay(_ pair: MessagePair, on connection: Int) -> UInt64? {
        underWay[Way(connection: connection, road: .toRelay)]?.removeThrough(pair)
    }

    /// The relay begins another life, and counts its connections anew.
    func clear() {
        underWay = [:]
        order = []
    }

    private func wrote(_ pair: MessagePair, _ event: UInt64, _ way: Way) {
        if underWay[way] == nil {
            underWay[way] = RecentValues(limit: Self.stanzas)
            order.append(way)
            if order.count > 2 * Self.connections, let oldest = order.popFirst() {
                underWay[oldest] = nil
            }
        }
        underWay[way]?.append(event, for: pair)
    }
}
