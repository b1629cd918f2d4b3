import DeviceMachine
import NIOCore
import TLSEngine
import XMPP
import XMPPSessions

/// One connection of a device to its relay, from the first attempt to the end.
final class DeviceUplink: TransportEvents {
    var session = DeviceSession()
    private let core: DeviceCore
    private let address: RelayAddress
    private var transport: TLSTransport?
    private var isOpen = false
    private var loss = LinkLoss.dropped
    /// Why the stream ended, as far as the session knows.
    private var reason: String?

    init(core: DeviceCore, address: RelayAddress) {
        self.core = core
        self.address = address
    }

    // MARK: Orders

    func connect(tls: TLSContext, on eventLoop: any EventLoop) {
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        address.connect(tls: tls, on: eventLoop, owner: self).whenFailure { error in
            box.value.failed(TransportClosing(connecting: box.value.address, error))
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
        if isOpen { flush() } else { transport?.abort() }
    }

    // MARK: Transport

    func transportBegan(_ transport: TLSTransport) {
        self.transport = transport
    }

    func transportOpened(_ transport: TLSTransport) {
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
        core.didRead(self)
    }

    func transportReadComplete(_ transport: TLSTransport) {}

    func transport(_ transport: TLSTransport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: TLSTransport, reason: TransportClosing) {
        failed(reason)
    }

    private func failed(_ closing: TransportClosing) {
        transport = nil
        core.lost(self, loss, reason: reason ?? closing.description)
        core.ended(self)
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
