internal import CloudMessaging

extension DeviceMachine {
    /// Fails what has expired before the relay took it.
    ///
    /// What is on the wire may have been taken: it waits for its answer or for the loss of the
    /// link (design decision 13).
    mutating func expireDue(now: Instant) {
        while let number = expiries.popFirst(by: now) {
            guard let message = tracked[number] else { continue }
            switch message.place {
            case .onWire, .storing: continue
            case .waiting: waiting.remove(number)
            case .blocked: apps[message.app].blocked.remove(number)
            }
            fail(number, .serviceNotAvailable, now: now)
        }
    }
}
