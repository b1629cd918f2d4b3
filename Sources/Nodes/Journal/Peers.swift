/// The peers at the ends of connections.
///
/// Most stanzas come and go in runs of one connection: the peer that was found last is at hand.
struct Peers<ID: Hashable, Peer: AnyObject> {
    private var peers: [ID: Peer] = [:]
    private var last: (id: ID, peer: Peer)?

    subscript(id: ID) -> Peer? {
        mutating get {
            if let last, last.id == id { return last.peer }
            guard let peer = peers[id] else { return nil }
            last = (id, peer)
            return peer
        }
    }

    mutating func add(_ peer: Peer, for id: ID) {
        peers[id] = peer
    }

    mutating func remove(_ id: ID) -> Peer? {
        if last?.id == id { last = nil }
        return peers.removeValue(forKey: id)
    }
}
