package import CloudMessaging

/// Who did what an event tells: a lifeline of the sequence diagram.
///
/// A scenario names its cast (`phone`, `shop`); in a live relay the others are known by what they
/// are. A device's name is made once for its stream, not for each event.
package struct Participant: ByteIdentified {
    package let text: String

    package init(_ name: String) {
        text = name
    }

    package static let relay = Participant("relay")
    package static let store = Participant("store")
    package static let network = Participant("network")
    package static let scenario = Participant("scenario")
    /// The one at the other end of `JournalEvent.connection`.
    package static let appServer = Participant("app-server")
    /// A device whose check-in or login has not come yet.
    package static let unknownDevice = Participant("device")

    package static func device(_ id: DeviceID) -> Participant {
        Participant("device \(id)")
    }
}
