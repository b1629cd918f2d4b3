import DeviceMachine
import XMPP
import XMPPSessions

/// One connection of a device to its relay, from the first attempt to the end.
final class DeviceUplink: TransportEvents {
    var session = DeviceSession()
    private let node: DeviceNode
    private var transport: (any Transport)?
    private var isOpen = false
    private var loss = LinkLoss.dropped
    /// Why the stream ended, as far as the session knows.
    private var reason: String?

    init(node: DeviceNode) {
        self.node = node
    }

    // MARK: Orders

    func connect(_ connector: any Connector) {
        connector.connect(owner: self) { [self] closing in failed(closing) }
    }

    func flush() {
        guard isOpen, let transport else { return }
        transport.write(&session.output)
        if session.isEnded { transport.close() }
    }

    /// Says goodbye and hangs up.
    func end() {
        session.end()
        if isOpen { flush() } else { transport?.abort() }
    }

    // MARK: Transport

    func transportBegan(_ transport: any Transport) {
        self.transport = transport
    }

    func transportOpened(_ transport: any Transport) {
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
        node.didRead(self)
    }

    func transportReadComplete(_ transport: any Transport) {}

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        failed(reason)
    }

    private func failed(_ closing: TransportClosing) {
        transport = nil
        node.lost(self, loss, reason: reason ?? closing.description)
        node.ended(self)
    }

    private func note(_ event: DeviceSession.Event) {
        switch event {
        case .replaced:
            loss = .replaced
            reason = "a newer login of this device took its place"
        case .failed(let fault):
            reason = fault.description
        case .ended(let error?):
            reason = "the relay ended the stream: \(error.text ?? error.condition.rawValue)"
        default:
            break
        }
    }
}
