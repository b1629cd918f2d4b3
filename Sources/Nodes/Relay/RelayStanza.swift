package import CloudMessaging
package import RelayMachine

/// A stanza that a relay read or wrote, messages to app servers excepted
/// (`RelayObserver.transmitted`).
package enum RelayStanza: Sendable {
    // MARK: From an app server

    /// And what it did.
    case acknowledgement(MessagePair, AcknowledgementUse, ConnectionID)
    case request(DownstreamRequest, ConnectionID)

    // MARK: From an app server, with faults in the way

    /// An ACK came that the relay does not hear, or not yet.
    case unheardAcknowledgement(MessagePair, ConnectionID)
    /// What the faults of an event left of it is heard.
    case belatedAcknowledgement(MessagePair, AcknowledgementUse, after: UInt64?, ConnectionID)
    case belatedRequest(MessageID, after: UInt64?, ConnectionID)

    // MARK: To an app server, with faults in the way

    /// What the faults of an event left of a message is written.
    case belatedMessage(MessagePair, after: UInt64?, ConnectionID)
    case belatedAnswer(DownstreamAnswer, to: String, MessageID, after: UInt64?, ConnectionID)
    /// A NACK of any code, instead of what an event's faults took away.
    case refused(MessageID, to: String, code: String, after: UInt64?, ConnectionID)

    // MARK: To an app server

    /// The stanza error 406.
    case acknowledgementRejected(MessagePair, ConnectionID)
    case answer(DownstreamAnswer, to: String, MessageID, ConnectionID)

    // MARK: From a device

    case upload(Upload, Ticket, DeviceStreamID)
    /// One that cannot become a message.
    case unusableUpload(UploadRefusal, Ticket, DeviceStreamID)
    case deliveriesAcknowledged(Int, DeviceStreamID)
    /// The app that a delivery was for is not on the device any more.
    case deliveryRefused(Category, MessageID?, DeviceStreamID)
    case checkIn(DeviceStreamID)
    case registration(Category, [SenderID], request: String, DeviceStreamID)
    case appRequest(AppRequest, Category, request: String, DeviceStreamID)

    // MARK: To a device

    /// Uploads from a ticket on count as handled; the round's `<a h=…/>` says so.
    case taken(Ticket, count: Int, DeviceStreamID)
    case delivery(Delivery, DeviceStreamID)
    case registered(AppRegistration, request: String, DeviceStreamID)
    case registrationRefused(UpstreamError, reason: String, request: String, DeviceStreamID)
    case appRequestAnswered(AppRequest.Answer, request: String, DeviceStreamID)
}
