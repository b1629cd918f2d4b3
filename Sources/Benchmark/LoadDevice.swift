import CloudMessaging
import NIOCore
import NetworkRuntime
import Nodes
import TLSEngine
import XMPPSessions

/// A device that keeps so many uploads on the wire: the real session, and nothing behind it.
final class LoadDevice: TransportEvents {
    private static let category = name("com.example.load")

    private static func name(_ text: String) -> Category {
        guard let category = Category(text) else { preconditionFailure("a good name") }
        return category
    }

    private let number: Int
    private let sender: SenderID
    private let eventLoop: any EventLoop
    private var session = DeviceSession()
    private var identity: DeviceIdentity?
    private var transport: TLSTransport?
    private let ready: EventLoopPromise<Void>
    private let closed: EventLoopPromise<Void>
    private var taken = 0
    private var sent = 0
    private var window = 0
    /// Gives the number of the next message; nil: enough.
    private var next: (() -> Int?)?
    private var idle: (() -> Void)?
    /// Where app servers send to.
    private(set) var token: RegistrationToken?
    /// Called with the number of each downstream message.
    var received: ((Int) -> Void)?

    init(number: Int, sender: SenderID, eventLoop: any EventLoop) {
        self.number = number
        self.sender = sender
        self.eventLoop = eventLoop
        ready = eventLoop.makePromise()
        closed = eventLoop.makePromise()
    }

    /// Connects, checks in, registers; done when messages may be sent.
    func start(_ relay: RelayUnderLoad) -> EventLoopFuture<Void> {
        relay.devices.connect(tls: relay.tls, on: eventLoop, owner: self)
            .cascadeFailure(to: ready)
        return ready.futureResult
    }

    /// Sends until there is nothing more, so many at a time.
    func send(inFlight window: Int, next: @escaping () -> Int?) {
        self.window = window
        self.next = next
        fill()
    }

    /// Calls back once when nothing is left to send and everything has its answer.
    func whenIdle(_ idle: @escaping () -> Void) {
        self.idle = idle
    }

    func stop() -> EventLoopFuture<Void> {
        session.end()
        flush()
        return closed.futureResult
    }

    private func fill() {
        while sent - taken < window, let id = next?() {
            sent += 1
            let message = Self.message(id, uploadID: "\(number)-\(sent)", to: sender)
            session.upload(message, timeToLive: 86_400)
            // A record for each stanza, as real devices write them.
            transport?.encrypt(&session.output)
        }
        flush()
        if sent == taken, sent > 0, let idle {
            self.idle = nil
            idle()
        }
    }

    /// A message of the workload, as this device uploads it.
    static func message(_ id: Int, uploadID: String, to sender: SenderID) -> PendingMessage {
        guard let messageID = MessageID(String(id)), let uploadID = UploadID(uploadID)
        else { preconditionFailure("numbers are good names") }
        return PendingMessage(
            number: Int64(id), category: category, to: "\(sender)@gcm.googleapis.com",
            id: messageID, uploadID: uploadID, data: Workload.data, timeToLive: 86_400,
            expiry: .never)
    }

    private func flush() {
        transport?.write(&session.output)
        if session.isEnded { transport?.close() }
    }

    // MARK: Transport

    func transportBegan(_ transport: any Transport) {
        self.transport = transport as? TLSTransport
    }

    func transportOpened(_ transport: any Transport) {
        session.start()
        flush()
    }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        session.receive(bytes)
        while let event = session.nextEvent() { handle(event) }
    }

    func transportReadComplete(_ transport: any Transport) {
        fill()
    }

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        ready.fail(reason)
        closed.succeed()
    }

    private func handle(_ event: DeviceSession.Event) {
        switch event {
        case .opened:
            session.checkIn()
        case .checkedIn(let identity):
            session.authenticate(identity)
        case .ready:
            session.register(Self.category, senders: [sender])
        case .registered(let registration):
            token = registration.token
            ready.succeed()
        case .received(let message):
            received?(Int(message.id.text) ?? 0)
        case .taken(let count):
            taken = count
        default:
            ready.fail(BenchmarkError("the relay refused a device: \(event)"))
        }
    }
}
