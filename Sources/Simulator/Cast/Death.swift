/// How a process comes to its end without being asked.
package enum Death: Sendable, Hashable {
    /// The process is gone; the kernel resets its connections.
    case crash
    /// The machine is gone; nobody is told anything.
    case powerCut
}
