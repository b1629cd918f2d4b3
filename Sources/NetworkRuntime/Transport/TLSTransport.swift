package import NIOCore
package import Nodes
package import TLSEngine

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// One TLS connection on one channel: ciphertext to the socket, plain text to its owner.
///
/// Not split into pipeline stages: plain text is handed over where OpenSSL decrypted it and taken
/// where a session wrote it, so no stanza is copied or boxed on its way.
package final class TLSTransport: ChannelInboundHandler, Transport {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// How long a peer may take for its handshake (protocol sheet §1.2).
    package static let handshakeTimeout = Duration.seconds(10)
    /// How long a peer may take to read our last words.
    private static let lingerTimeout = TimeAmount.seconds(2)

    private let tls: TLSConnection
    private let handshakeTimeout: Duration
    private var owner: (any TransportEvents)?
    private var context: ChannelHandlerContext?
    private var handshakeTimer: Scheduled<Void>?
    private var closing: TransportClosing?
    /// We have said our last words and only wait for the peer to hang up.
    private var isLingering = false

    package init(
        tls: TLSConnection, owner: any TransportEvents,
        handshakeTimeout: Duration = TLSTransport.handshakeTimeout
    ) {
        self.tls = tls
        self.owner = owner
        self.handshakeTimeout = handshakeTimeout
    }

    // MARK: What the owner orders

    /// Encrypts plain text and puts it on the wire; empties the array.
    package func write(_ plaintext: inout [UInt8]) {
        encrypt(&plaintext)
        flushCiphertext()
    }

    /// Encrypts plain text as a record of its own, to go on the wire with the next `write`; empties
    /// the array.
    package func encrypt(_ plaintext: inout [UInt8]) {
        defer { plaintext.removeAll(keepingCapacity: plaintext.count <= 65_536) }
        guard !plaintext.isEmpty, !isLingering, context != nil else { return }
        do throws(TLSError) {
            let result = plaintext.withUnsafeBytes { bytes in
                Result { () throws(TLSError) in try tls.send(bytes) }
            }
            try result.get()
        } catch {
            fail(TransportClosing(error))
        }
    }

    /// Ends the connection once everything written is on the wire: close_notify, then hang up.
    package func close() {
        guard !isLingering else { return }
        tls.shutdown()
        closing = closing ?? .clean
        waitForPeer()
    }

    /// Ends the connection at once, whatever is still to be written.
    package func abort() {
        closing = closing ?? .clean
        context?.close(promise: nil)
    }

    /// The same, with a reset on the wire: a kernel that may not linger sends nothing else.
    package func reset() {
        let atOnce = linger(l_onoff: 1, l_linger: 0)
        _ = (context?.channel as? any SocketOptionProvider)?.setSoLinger(atOnce)
        abort()
    }

    /// Whether bytes from the peer are taken off the socket.
    package var isReading: Bool = true {
        didSet {
            guard isReading != oldValue, let context else { return }
            try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
            if isReading { context.read() }
        }
    }

    package var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Bytes that the socket did not take yet.
    package var bufferedBytes: Int {
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    // MARK: Channel events

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLingering else { return }
        let buffer = unwrapInboundIn(data)
        let wasOpen = tls.handshakeCompleted
        do throws(TLSError) {
            let result = buffer.withUnsafeReadableBytes { bytes in
                Result { () throws(TLSError) in
                    try tls.receive(bytes) { plaintext in
                        if !wasOpen { opened() }
                        owner?.transport(self, received: plaintext)
                    }
                }
            }
            try result.get()
        } catch {
            return fail(TransportClosing(error))
        }
        flushCiphertext()
        if tls.handshakeCompleted { opened() }
        if tls.receivedCloseNotify { close() }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        owner?.transportReadComplete(self)
        context.fireChannelReadComplete()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        owner?.transport(self, becameWritable: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        closing = closing ?? TransportClosing(breaking: error)
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        handshakeTimer?.cancel()
        let wasClean = (try? tls.receiveEndOfStream()) != nil
        let reason = closing ?? (wasClean ? .clean : .truncated)
        let owner = owner
        self.owner = nil
        self.context = nil
        owner?.transportClosed(self, reason: reason)
        context.fireChannelInactive()
    }

    // MARK: Handshake

    private var hasBegun = false
    private var hasOpened = false

    private func begin(_ context: ChannelHandlerContext) {
        guard !hasBegun else { return }
        hasBegun = true
        owner?.transportBegan(self)
        let box = NIOLoopBound(self, eventLoop: context.eventLoop)
        handshakeTimer = context.eventLoop.scheduleTask(in: TimeAmount(handshakeTimeout)) {
            box.value.handshakeTimedOut()
        }
        do throws(TLSError) {
            try tls.start()
        } catch {
            return fail(TransportClosing(error))
        }
        flushCiphertext()
    }

    private func opened() {
        guard !hasOpened else { return }
        hasOpened = true
        handshakeTimer?.cancel()
        owner?.transportOpened(self)
    }

    private func handshakeTimedOut() {
        guard !hasOpened else { return }
        closing = .handshakeTimeout
        context?.close(promise: nil)
    }

    // MARK: Writing and closing

    private func flushCiphertext() {
        guard let context, tls.pendingCiphertext > 0 else { return }
        var buffer = context.channel.allocator.buffer(capacity: tls.pendingCiphertext)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: tls.pendingCiphertext) {
            tls.takeCiphertext(into: $0)
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func fail(_ reason: TransportClosing) {
        closing = closing ?? reason
        waitForPeer()
    }

    /// Writes what is left, ends our half, and waits for the peer to hang up: closing at once with
    /// unread bytes would reset the connection and could swallow our last words, the alert that
    /// says what was wrong among them.
    private func waitForPeer() {
        guard let context, !isLingering else { return }
        isLingering = true
        var buffer = context.channel.allocator.buffer(capacity: tls.pendingCiphertext)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: tls.pendingCiphertext) {
            tls.takeCiphertext(into: $0)
        }
        let box = NIOLoopBound(self, eventLoop: context.eventLoop)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
        written.futureResult.whenComplete { _ in
            box.value.context?.close(mode: .output, promise: nil)
        }
        if !isReading { isReading = true }
        context.eventLoop.scheduleTask(in: Self.lingerTimeout) {
            box.value.context?.close(promise: nil)
        }
    }
}
