import CloudMessaging
import OrderedCollections

/// A place in the table of devices: the same device's as long as it is in memory.
struct DeviceSlot: Hashable {
    fileprivate let index: Int
}

/// The devices that the relay has in memory.
///
/// Whoever deals with a device for a while keeps its slot: a message then costs no look-up by ID,
/// and a device is changed where it stands.
struct DeviceTable: Hashable {
    private var devices: [Device?] = []
    private var slots: [DeviceID: DeviceSlot] = [:]
    private var freeSlots: [DeviceSlot] = []
    /// Devices with deliveries on the wire, and some whose last one was confirmed not long ago.
    private(set) var withDeliveries: OrderedSet<DeviceSlot> = []
    /// Devices whose deliveries wait until the store has decided what becomes of mailboxes.
    private var stalled: OrderedSet<DeviceSlot> = []

    subscript(slot: DeviceSlot) -> Device {
        _read { yield devices[slot.index]! }
        _modify { yield &devices[slot.index]! }
    }

    subscript(id: DeviceID) -> Device? { slots[id].map { self[$0] } }

    var count: Int { slots.count }

    /// In no order that means anything, but always the same.
    var slotsInUse: [DeviceSlot] {
        devices.indices.filter { devices[$0] != nil }.map(DeviceSlot.init)
    }

    func slot(of id: DeviceID) -> DeviceSlot? { slots[id] }

    mutating func insert(_ device: Device) {
        if let slot = freeSlots.popLast() {
            devices[slot.index] = device
            slots[device.id] = slot
        } else {
            slots[device.id] = DeviceSlot(index: devices.count)
            devices.append(device)
        }
    }

    /// A device that is offline, with nothing on its way, is read from the registry next time.
    mutating func forgetIfIdle(_ slot: DeviceSlot) {
        guard self[slot].isIdle else { return }
        slots[self[slot].id] = nil
        devices[slot.index] = nil
        withDeliveries.remove(slot)
        stalled.remove(slot)
        freeSlots.append(slot)
    }

    mutating func putOnWire(_ delivery: Delivery, of slot: DeviceSlot) {
        self[slot].onWire.append(delivery)
        withDeliveries.append(slot)
    }

    mutating func stall(_ slot: DeviceSlot) { stalled.append(slot) }

    mutating func takeStalled() -> OrderedSet<DeviceSlot> {
        defer { stalled = [] }
        return stalled
    }

    mutating func forgetEmptyWires() {
        withDeliveries.removeAll { devices[$0.index]?.onWire.isEmpty ?? true }
    }
}
