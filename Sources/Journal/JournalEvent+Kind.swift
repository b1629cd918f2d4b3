extension JournalEvent {
    /// What happened (contract: the field `event`); docs/journal.md shows each as a line.
    ///
    /// Faults bite at the places of the same names.
    package enum Kind: String, Sendable, CaseIterable {
        // MARK: Stanzas between relay and app server

        /// The relay wrote a message; `attempt` counts from 1, a later one has its reason.
        case upstreamStanza = "upstream.stanza"
        /// A message or receipt reached the app server; only who plays the app server can tell.
        case upstreamReceived = "upstream.received"
        /// An ACK of the app server came.
        case upstreamAck = "upstream.ack"
        /// The relay answered an ACK that settles nothing (stanza error 406).
        case ackRejected = "ack.rejected"
        /// The relay wrote a delivery receipt.
        case receipt
        /// A request of the app server came.
        case downstreamStanza = "downstream.stanza"
        /// The relay answered a request; a NACK has its error.
        case downstreamAnswer = "downstream.answer"

        // MARK: Stanzas between device and relay

        /// A message of the device came.
        case upload
        /// The relay counted uploads as stored: the device knows them sent.
        case uploadTaken = "upload.taken"
        /// The relay answered an upload with an error.
        case uploadRefused = "upload.refused"
        /// The relay wrote a message to the device.
        case delivery
        /// The device acknowledged deliveries.
        case deliveryAcknowledged = "delivery.acknowledged"
        /// The device answered a delivery with an error.
        case deliveryRefused = "delivery.refused"
        /// The device checked in, registered, subscribed and the like.
        case deviceRequest = "device.request"
        /// The relay answered that.
        case deviceAnswer = "device.answer"

        /// A stanza broke a rule, on either side.
        case stanzaRefused = "stanza.refused"

        // MARK: What an app on its device is told

        /// The message is in the outbox.
        case appWillSend = "app.will-send"
        /// The relay has the message.
        case appSent = "app.sent"
        case appError = "app.error"
        case appReceived = "app.received"
        /// Messages were dropped; the app should ask its app server for all.
        case appDeleted = "app.deleted"

        // MARK: What an app server does and sees

        /// It wrote an ACK.
        case appServerAcknowledged = "app-server.acknowledged"
        /// It leaves a message without an ACK, as it was told to.
        case appServerSkipped = "app-server.skipped"
        /// It wrote a request.
        case appServerSent = "app-server.sent"
        /// What became of a request, as the app server knows it.
        case appServerAnswered = "app-server.answered"
        /// The relay refused something else that it wrote.
        case appServerRefused = "app-server.refused"

        // MARK: Inside the relay

        /// A message changed its state.
        case messageState = "message.state"
        case timerSet = "timer.set"
        case timerFired = "timer.fired"
        /// A fault bit.
        case fault

        // MARK: Connections, as the relay sees them

        case connectionOpened = "connection.opened"
        case loginAccepted = "login.accepted"
        case loginRefused = "login.refused"
        case connectionBound = "connection.bound"
        /// The relay announced the connection's end.
        case connectionDraining = "connection.draining"
        /// The connection is gone; how, says the deed.
        case connectionClosed = "connection.closed"

        // MARK: Connections, as the clients see them

        case deviceOnline = "device.online"
        /// The device has lost its connection, or could not get one.
        case deviceOffline = "device.offline"
        case appServerConnected = "app-server.connected"
        /// It heard that the relay will end the connection.
        case appServerDraining = "app-server.draining"
        /// It has lost a connection, or could not get one.
        case appServerDisconnected = "app-server.disconnected"

        // MARK: What lasts

        case storeCommitted = "store.committed"
        case storeFailed = "store.failed"
        case storeRecovered = "store.recovered"
        /// The store met something that is not usable, and goes on without it.
        case storeDamaged = "store.damaged"
        /// What was not committed is lost.
        case storePowerCut = "store.power-cut"

        // MARK: Processes and plays

        case processStarted = "process.started"
        case processStopped = "process.stopped"
        case processCrashed = "process.crashed"
        case scenarioStep = "scenario.step"

        /// The road of the kind; nil: that of the message, if there is one.
        package var direction: Direction? {
            switch self {
            case .upstreamStanza, .upstreamAck, .ackRejected, .receipt, .upload, .uploadTaken,
                .uploadRefused, .appWillSend, .appSent, .appError, .upstreamReceived,
                .appServerAcknowledged, .appServerSkipped:
                .upstream
            case .downstreamStanza, .downstreamAnswer, .delivery, .deliveryAcknowledged,
                .deliveryRefused, .appReceived, .appDeleted, .appServerSent, .appServerAnswered:
                .downstream
            case .deviceRequest, .deviceAnswer, .stanzaRefused, .messageState, .timerSet,
                .timerFired, .fault, .connectionOpened, .loginAccepted, .loginRefused,
                .connectionBound, .connectionDraining, .connectionClosed, .storeCommitted,
                .deviceOnline, .deviceOffline, .appServerConnected, .appServerDraining,
                .appServerDisconnected, .appServerRefused, .storeFailed, .storeRecovered,
                .storeDamaged, .storePowerCut, .processStarted, .processStopped,
                .processCrashed, .scenarioStep:
                nil
            }
        }
    }
}
