import Journal

/// Which app servers stopped reading, and when as far as a relay can tell.
///
/// A retry that waits although its connection is there means that the relay's writes are stuck.
struct RecordedStalls {
    /// The places of the last signs of life on those connections.
    private(set) var places: Set<Int> = []

    init(_ events: [RecordedEvent]) {
        // By the number of a connection; each life of a relay counts from 1.
        var signs: [Int: Int] = [:]
        var waiting: [Int: Int] = [:]
        for recorded in events {
            let event = recorded.event
            switch event.kind {
            case .processStarted where event.actor == .relay: signs = [:]
            case .connectionBound, .upstreamAck, .downstreamStanza:
                if let connection = event.connection { signs[connection] = recorded.place }
            case .timerFired:
                if let connection = event.connection { waiting[recorded.place] = connection }
            case .messageState where event.state == .queued:
                guard let timer = recorded.cause, let connection = waiting[timer],
                    let sign = signs[connection]
                else { continue }
                places.insert(sign)
            // Of one that drains nothing is written again, either.
            case .connectionClosed, .connectionDraining:
                if let connection = event.connection { signs[connection] = nil }
            default: break
            }
        }
    }
}
