import AppServerMachine
import CloudMessaging
import NIOCore
import TLSEngine
import XMPP
import XMPPSessions

/// One connection of an app server to its relay, from the first attempt to the end.
final class AppServerUplink: TransportEvents {
    let id: AppServerConnectionID
    var session: AppServerSession
    var isUnflushed = false
    private let core: AppServerCore
    private let address: RelayAddress
    private var transport: TLSTransport?
    private var isOpen = false
    private var isBound = false
    /// It has reported its end, or was given up before there was a socket.
    private var isGone = false
    private var failure: ConnectionFailure?

    init(id: AppServerConnectionID, core: AppServerCore, login: AppServerLogin) {
        self.id = id
        self.core = core
        address = login.relay
        session = AppServerSession(sender: login.sender, key: login.key)
    }

    // MARK: Orders

    func connect(tls: TLSContext, on eventLoop: any EventLoop) {
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        address.connect(tls: tls, on: eventLoop, owner: self).whenFailure { error in
            box.value.ended(TransportClosing(connecting: box.value.address, error))
        }
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
        core.ended(self)
    }

    /// Takes bytes off the socket, or leaves them there; a login is finished first, as it has to be
    /// quick.
    func setReading(_ isReading: Bool) {
        guard isBound, !session.isEnded else { return }
        transport?.isReading = isReading
    }

    // MARK: Transport

    func transportBegan(_ transport: TLSTransport) {
        // A host with several addresses may answer on two of them; the first is the connection.
        guard !isGone, self.transport == nil else { return transport.abort() }
        self.transport = transport
    }

    func transportOpened(_ transport: TLSTransport) {
        guard transport === self.transport else { return }
        isOpen = true
        session.start()
        flush()
    }

    func transport(_ transport: TLSTransport, received bytes: UnsafeRawBufferPointer) {
        session.receive(bytes)
        while let event = session.nextEvent() {
            note(event)
            core.handle(event, of: self)
        }
        if !session.output.isEmpty || session.isEnded { flush() }
    }

    func transportReadComplete(_ transport: TLSTransport) {}

    func transport(_ transport: TLSTransport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: TLSTransport, reason: TransportClosing) {
        guard transport === self.transport else { return }
        ended(reason)
    }

    private func ended(_ closing: TransportClosing) {
        guard !isGone else { return }
        isGone = true
        transport = nil
        let failure = failure ?? .unavailable(closing.description)
        core.perform { machine, now in
            // Which of the two it was, the machine knows: it ignores the other.
            machine.connectionFailed(id, failure, now: now)
            machine.connectionLost(id, reason: failure.reason, now: now)
        }
        core.ended(self)
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
