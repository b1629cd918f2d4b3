import CloudMessaging

extension RelayMachine {
    /// The first bound on what is kept in memory that does not hold; nil: all do.
    ///
    /// Some bounds are numbers of `Limits` and of the settings. Others follow from what is there: who
    /// is kept is kept for a connection, or for something on its way. Looks at everything, so it is
    /// for simulations and tests.
    package var memoryExcess: MemoryExcess? {
        var bounds = MemoryBounds()
        for queue in senders { queue.check(&bounds, settings) }
        devices.check(&bounds)
        bounds.check("bound streams", boundDevices, atMost: streams.count)
        bounds.check(
            "uploads on their way to the store", pipeline.waitingUploads,
            atMost: Limits.uploadsAwaitingStore + streams.count * Limits.unansweredUploads)
        bounds.check("damaged rows", damagedRows.count, atMost: Limits.damagedRows)
        return bounds.excess
    }
}

extension DeviceTable {
    fileprivate func check(_ bounds: inout MemoryBounds) {
        var idle = 0
        for slot in slotsInUse {
            if self[slot].isIdle { idle += 1 }
            self[slot].check(&bounds)
        }
        bounds.check("devices that are offline with nothing on its way", idle, atMost: 0)
    }
}

extension Device {
    fileprivate func check(_ bounds: inout MemoryBounds) {
        bounds.check(
            "registrations of a device", registrations.count,
            atMost: Limits.registrationsPerDevice)
        bounds.check("mailboxes of a device", mailboxes.count, atMost: registrations.count)
        bounds.check("routes of a device", routes.count, atMost: Device.rememberedRoutes)
        bounds.check(
            "deliveries of a device on the wire", onWire.count,
            atMost: Limits.unacknowledgedDeliveries)
        for mailbox in mailboxes {
            bounds.check(
                "messages of a mailbox in memory", mailbox.ready.count,
                atMost: Limits.residentPerMailbox)
        }
    }
}
