import AppServerMachine
import CloudMessaging
import NIOCore
import NetworkRuntime
import Nodes
import TLSEngine
import XMPPSessions

/// One connection of an app server that ACKs everything at once.
final class LoadAppServer: TransportEvents {
    private var session: AppServerSession
    private let eventLoop: any EventLoop
    private var transport: TLSTransport?
    private let ready: EventLoopPromise<Void>
    private let closed: EventLoopPromise<Void>
    private let delivered: (Int) -> Void
    /// Called after each read in which requests were answered, with how many.
    var answered: ((Int) -> Void)?
    private var newAnswers = 0

    /// - Parameter delivered: called with the number of each message, before it is ACKed.
    init(
        sender: SenderID, eventLoop: any EventLoop, delivered: @escaping (Int) -> Void
    ) {
        session = AppServerSession(sender: sender, key: "bench")
        self.eventLoop = eventLoop
        self.delivered = delivered
        ready = eventLoop.makePromise()
        closed = eventLoop.makePromise()
    }

    func start(_ relay: RelayUnderLoad) -> EventLoopFuture<Void> {
        relay.appServers.connect(tls: relay.tls, on: eventLoop, owner: self)
            .cascadeFailure(to: ready)
        return ready.futureResult
    }

    func stop() -> EventLoopFuture<Void> {
        session.end()
        flush()
        return closed.futureResult
    }

    /// Sends a message down; it is written with the next `flush()`.
    func request(_ number: Int, to token: RegistrationToken) {
        guard let id = MessageID(String(number)) else { preconditionFailure("a good name") }
        var message = OutgoingMessage(to: .to(token.text), id: id)
        message.data = Workload.data
        session.request(id, json: message.json)
        // A record for each request, as real app servers write them.
        transport?.encrypt(&session.output)
    }

    func flush() {
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
        while let event = session.nextEvent() {
            switch event {
            case .upstream(let frame):
                delivered(Int(frame.pair.id.text) ?? 0)
                session.acknowledge(frame.pair)
                // A record for each ACK, as real app servers write them.
                self.transport?.encrypt(&session.output)
            case .bound:
                ready.succeed()
            case .answer(let frame):
                guard case .ack = frame.verdict else {
                    preconditionFailure("the relay refused a message: \(frame.verdict)")
                }
                newAnswers += 1
            default:
                ready.fail(BenchmarkError("the relay refused an app server: \(event)"))
            }
        }
    }

    func transportReadComplete(_ transport: any Transport) {
        if newAnswers > 0 {
            answered?(newAnswers)
            newAnswers = 0
        }
        flush()
    }

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        ready.fail(reason)
        closed.succeed()
    }
}
