package import NIOCore
package import Nodes

/// Who lives on a relay's event loop beside it: reads along what it does, and stands at its doors.
package protocol RelayCompanion: AnyObject {
    /// Takes what a journal would, from the relay's first event on.
    var recorder: any EventRecorder { get }
    /// The relay is there, and nobody has connected yet.
    func joined(_ node: RelayNode)
    /// Somebody has connected; returns the owner of the connection.
    func receive(_ channel: any Channel, at door: RelayNode.Door) -> any TransportEvents
}

extension RelayRuntime {
    /// Makes a companion on the event loop, with the clock that the relay has.
    package typealias CompanionMaker =
        @Sendable (any EventLoop, any Scheduler) -> any RelayCompanion
}
