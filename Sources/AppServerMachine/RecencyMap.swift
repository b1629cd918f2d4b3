/// A dictionary of bounded size: a new key drives out the one that was not touched for the longest
/// time. Every operation takes constant time.
struct RecencyMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Node {
        var key: Key
        var value: Value
        var older: Int?
        var newer: Int?
    }

    private let limit: Int
    private var places: [Key: Int] = [:]
    /// A list from the oldest to the newest, linked by place.
    private var nodes: [Node] = []
    private var oldest: Int?
    private var newest: Int?

    init(limit: Int) {
        precondition(limit > 0, "a map without room")
        self.limit = limit
    }

    var count: Int { nodes.count }

    /// Where the key's value is, until the next key is inserted; nil: unknown or driven out.
    func place(of key: Key) -> Int? { places[key] }

    /// The same, and the key becomes the newest; an unknown one is inserted with a value.
    mutating func touch(_ key: Key, insert value: @autoclosure () -> Value) -> Int {
        if let place = places[key] {
            if place != newest {
                unlink(place)
                linkAsNewest(place)
            }
            return place
        }
        let node = Node(key: key, value: value())
        let place: Int
        if nodes.count == limit, let oldest {
            place = oldest
            places[nodes[place].key] = nil
            unlink(place)
            nodes[place] = node
        } else {
            place = nodes.count
            nodes.append(node)
        }
        places[key] = place
        linkAsNewest(place)
        return place
    }

    subscript(place: Int) -> Value {
        get { nodes[place].value }
        _modify { yield &nodes[place].value }
    }

    private mutating func unlink(_ place: Int) {
        let (older, newer) = (nodes[place].older, nodes[place].newer)
        if let older { nodes[older].newer = newer } else { oldest = newer }
        if let newer { nodes[newer].older = older } else { newest = older }
    }

    private mutating func linkAsNewest(_ place: Int) {
        nodes[place].older = newest
        nodes[place].newer = nil
        if let newest { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }
}
