import AppServerMachine
import CloudMessaging
import XMPP
import XMPPSessions

/// One connection of an app server to its relay, from the first attempt to the end.
final class AppServerUplink: TransportEvents {
    let id: AppServerConnectionID
    var session: AppServerSession
    var isUnflushed = false
    private let node: AppServerNode
    private var transport: (any Transport)?
    private var isOpen = false
    private var isBound = false
    /// It has reported its end, or was given up before there was a socket.
    private var isGone = false
    private var failure: ConnectionFailure?

    init(id: AppServerConnectionID, node: AppServerNode, session: AppServerSession) {
        self.id = id
        self.node = node
        self.session = session
    }

    // MARK: Orders

    func connect(_ connector: any Connector) {
        connector.connect(owner: self) { [self] closing in ended(closing) }
    }

    func flush() {
        guard isOpen, let transport else { return }
        transport.write(&session.output)
        if session.isEnded { transport.close() }
    }

    /// Says goodbye and hangs up.
    func end() {
        session.end()
        if isOpen { return flush() }
        if let transport { return transport.abort() }
        // Nobody waits for an attempt that may take seconds to fail.
        isGone = true
        node.ended(self)
    }

    /// Takes bytes off the socket, or leaves them there; a login is finished first, as it has to be
    /// quick.
    func setReading(_ isReading: Bool) {
        guard isBound, !session.isEnded else { return }
        transport?.isReading = isReading
    }

    // MARK: Transport

    func transportBegan(_ transport: any Transport) {
        // A host with several addresses may answer on two of them; the first is the connection.
        guard !isGone, self.transport == nil else { return transport.abort() }
        self.transport = transport
    }

    func transportOpened(_ transport: any Transport) {
        guard transport === self.transport else { return }
        isOpen = true
        session.start()
        flush()
    }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        session.receive(bytes)
        while let event = session.nextEvent() {
            note(event)
            node.handle(event, of: self)
        }
        if !session.output.isEmpty || session.isEnded { flush() }
    }

    func transportReadComplete(_ transport: any Transport) {}

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        guard transport === self.transport else { return }
        ended(reason)
    }

    private func ended(_ closing: TransportClosing) {
        guard !isGone else { return }
        isGone = true
        transport = nil
        let failure = failure ?? .unavailable(closing.description)
        node.perform { machine, now in
            // Which of the two it was, the machine knows: it ignores the other.
            machine.connectionFailed(id, failure, now: now)
            machine.connectionLost(id, reason: failure.reason, now: now)
        }
        node.ended(self)
    }

    /// What the session says of the end is better known than what the socket says.
    private func note(_ event: AppServerSession.Event) {
        switch event {
        case .bound:
            isBound = true
        case .loginRefused(let refusal):
            failure = .notAuthorized(
                "the relay refused the login (\(refusal.condition.rawValue)): check --sender-id "
                    + "and --api-key")
        case .failed(let fault):
            failure = .unavailable(fault.description)
        case .ended(let error?):
            failure = .unavailable(
                "the relay ended the stream: \(error.text ?? error.condition.rawValue)")
        default:
            break
        }
    }
}

extension ConnectionFailure {
    fileprivate var reason: String {
        switch self {
        case .unavailable(let reason), .notAuthorized(let reason): reason
        }
    }
}
