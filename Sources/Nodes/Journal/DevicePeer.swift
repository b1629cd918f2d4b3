import CloudMessaging
import Journal
import RelayMachine

/// A device at the end of a stream, as the recorder remembers it; a class, as it is looked up for
/// every stanza and large to copy.
final class DevicePeer {
    /// A request without an answer.
    struct RequestEvent {
        let number: UInt64
        let category: Category
        /// What a device is told that was done as asked.
        let done: String
    }

    private(set) var name: Participant
    /// Whether the driver named the device.
    private let isCast: Bool
    /// The events of uploads without an answer.
    var uploads = RecentValues<Ticket, UInt64>(limit: 256)
    var requests = RecentValues<String, RequestEvent>(limit: 64)
    var checkIn: UInt64?
    /// The last event with which the device acknowledged deliveries.
    var acknowledgement: UInt64?
    /// Where the device sent last: nearly always it sends there again.
    private var address = ""
    private var addressee: SenderID?

    init(name: String?) {
        isCast = name != nil
        self.name = name.map { Participant($0) } ?? .unknownDevice
    }

    /// The device has logged in.
    func identify(_ device: DeviceID) {
        if !isCast { name = .device(device) }
    }

    func sender(in address: String) -> SenderID? {
        if !address.hasSameBytes(as: self.address) {
            self.address = address
            addressee = UpstreamAddress.senderID(in: address)
        }
        return addressee
    }
}
