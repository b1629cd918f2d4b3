/// Which of the two roads an event is on.
package enum Direction: String, Sendable, CaseIterable {
    /// From a device to an app server, receipts included.
    case upstream
    /// From an app server to a device.
    case downstream
}
