package import CloudMessaging

/// What the relay's driver has to do, in this order.
package enum RelayAction: Hashable, Sendable {
    // MARK: App servers

    /// Write the message; `attempt` counts from 1. Its ACK is waited for so long; nil: as long as
    /// the connection lasts.
    case transmit(UpstreamMessage, to: ConnectionID, attempt: Int, timeout: Duration?)
    /// Answer an ACK for something that the connection did not carry: stanza error 406.
    case rejectAcknowledgement(MessagePair, on: ConnectionID)
    /// Answer a request that named an addressee and an ID.
    case answer(DownstreamAnswer, to: String, MessageID, on: ConnectionID)
    /// The connection may send requests again.
    case resumeRequests(ConnectionID)
    /// Write the control message `CONNECTION_DRAINING`.
    case announceDraining(ConnectionID)
    /// End the stream and the connection.
    case closeConnection(ConnectionID, CloseReason)

    // MARK: Devices

    /// So many uploads from a ticket on are on disk or finally dealt with: they count for the
    /// stream's `h`.
    case taken(Ticket, count: Int, on: DeviceStreamID)
    /// Answer the upload with an error; it then counts for `h`.
    case refuse(Ticket, UploadID?, UpstreamError, on: DeviceStreamID)
    /// Answer the check-in.
    case checkedIn(DeviceIdentity, on: DeviceStreamID)
    /// Let the device in, or not.
    case authenticated(DeviceID, on: DeviceStreamID)
    case authenticationRefused(on: DeviceStreamID)
    /// Answer a registration.
    case registered(AppRegistration, request: String, on: DeviceStreamID)
    case registrationRefused(
        UpstreamError, reason: String, request: String, on: DeviceStreamID)
    /// Write a delivery; the stream's acknowledgement counts it.
    case deliver(Delivery, on: DeviceStreamID)
    /// Answer another request of an app.
    case appRequestAnswered(AppRequest.Answer, request: String, on: DeviceStreamID)
    /// End the stream.
    case closeStream(DeviceStreamID, CloseReason)
    /// Stop reading from all devices, or go on.
    case pauseUploads
    case resumeUploads

    // MARK: Everybody

    /// Something worth a line in the log.
    indirect case note(RelayNote)
    /// Something worth a line in a journal.
    case tell(MessageNote)
}

/// What goes down to a device.
package enum Delivery: Hashable, Sendable {
    case message(DownstreamMessage, from: SenderID)
    /// So many messages of the app were dropped; it should ask its app server for all.
    case deletion(DeletionNotice, of: Registration)
}

/// Why the relay ends a stream.
package enum CloseReason: Hashable, Sendable {
    /// All that was in flight on a draining connection has its ACK, or the grace time is over.
    case drained
    /// The sender has as many connections as it may.
    case tooManyConnections
    /// The app server sent nothing for the idle time-out.
    case idle
    /// A newer login of the same device.
    case replaced
    /// More unanswered uploads than a device may have.
    case tooManyUploads
    /// The relay ends.
    case shutdown
}

/// What happened in the relay that somebody may want to read about.
package enum RelayNote: Hashable, Sendable {
    /// A message was sent again, and why.
    case redelivered(UpstreamMessage, to: ConnectionID, attempt: Int, RetryCause)
    /// A message without an ACK was given up (`--redelivery never`).
    case discarded(UpstreamMessage, on: ConnectionID)
    /// An ACK settled nothing.
    case uselessAcknowledgement(MessagePair, AcknowledgementFault, on: ConnectionID)
    /// A request got a NACK, and what was wrong with it.
    case refusedRequest(
        MessageID, to: String, DownstreamError, String, on: ConnectionID)
    /// A connection gets nothing new from now on, and why; it has so long for its ACKs.
    case draining(ConnectionID, DrainCause, grace: Duration)
    /// An upload was refused, and what was wrong with it; nil: it was none that can be read.
    indirect case refusedUpload(Upload?, Ticket, UploadRefusal, on: DeviceStreamID)
    /// A message found mailboxes full: so many messages were dropped, it among them. The addressee
    /// is nil for a message to many.
    case mailboxesOverflowed(
        by: DownstreamTemplate, to: Registration?, mailboxes: Int, messages: Int)
    /// The store did not do as asked, or does again.
    case storeFailed(StoreFailure)
    case storeRecovered
    /// The store failed again soon after it had recovered: now it does as asked, now it does not.
    /// `storeFailed` or `storeRecovered` tells when it has settled on one.
    case storeUnsteady(StoreFailure)
    /// The store met a row that is not usable, and goes on without it; once for each row.
    case rowDamaged(DamagedRow)
}

/// Why a connection is drained.
package enum DrainCause: Hashable, Sendable {
    /// It is as old as `session-max-age` allows.
    case age
    /// Somebody asked for it.
    case order
    /// The relay ends.
    case shutdown
}

/// Why a message is sent again.
package enum RetryCause: Hashable, Sendable {
    /// No ACK came within the delay.
    case noAcknowledgement(after: Duration)
    /// The connection that carried it is gone.
    case connectionLost
}
