package import CloudMessaging
package import Nodes
import XMPP

/// An app server that writes its stanzas by hand and keeps every byte that comes; on any driver.
package final class WireClient: TransportEvents {
    /// In which pieces stanzas go on the wire.
    package enum Pieces: Sendable { case whole, bytes }

    private static let header =
        #"<stream:stream to="gcm.googleapis.com" version="1.0" xmlns="jabber:client" "#
        + #"xmlns:stream="http://etherx.jabber.org/streams">"#

    private let login: String
    private let observe: (Heard) -> Void
    private var transport: (any Transport)?
    private var step = 0
    package private(set) var heard = Heard() {
        didSet { observe(heard) }
    }

    /// - Parameter observe: called whenever something comes.
    package init(sender: SenderID, key: String, observe: @escaping (Heard) -> Void = { _ in }) {
        login = String(decoding: Base64.encode(Array("\0\(sender)\0\(key)".utf8)), as: UTF8.self)
        self.observe = observe
    }

    // MARK: What it writes

    package func write(_ stanzas: String, in pieces: Pieces = .whole) {
        var bytes = Array(stanzas.utf8)
        switch pieces {
        case .whole: transport?.write(&bytes)
        case .bytes:
            for byte in bytes {
                var piece = [byte]
                transport?.write(&piece)
            }
        }
    }

    package func write(frames: [String], in pieces: Pieces = .whole) {
        write(
            frames.map { "<message><gcm xmlns=\"google:mobile:data\">\($0)</gcm></message>" }
                .joined(), in: pieces)
    }

    package func write(
        acknowledgements ids: [String], from token: String, in pieces: Pieces = .whole
    ) {
        write(
            frames: ids.map {
                #"{"message_type":"ack","to":"\#(token)","message_id":"\#($0)"}"#
            }, in: pieces)
    }

    package func write(
        requests ids: [String], to token: String, wantReceipts: Bool = false,
        in pieces: Pieces = .whole
    ) {
        let receipt = wantReceipts ? #","delivery_receipt_requested":true"# : ""
        write(
            frames: ids.map {
                #"{"to":"\#(token)","message_id":"\#($0)","data":{"code":"A7"}\#(receipt)}"#
            }, in: pieces)
    }

    /// Ends the connection at once and untold.
    package func hangUp() { transport?.reset() }

    // MARK: Transport

    package func transportBegan(_ transport: any Transport) { self.transport = transport }

    package func transportOpened(_ transport: any Transport) { write(Self.header) }

    package func transport(
        _ transport: any Transport, received bytes: UnsafeRawBufferPointer
    ) {
        heard.bytes += bytes
        goOn()
    }

    package func transportReadComplete(_ transport: any Transport) {}

    package func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    package func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        heard.state =
            switch reason {
            case .clean: .fin
            case .truncated: .truncated
            case .ended, .failed, .violated, .handshakeTimeout: .reset
            }
    }

    /// The next word of the login, once the relay has said what comes before it.
    private func goOn() {
        let words: [(awaited: String, answer: String)] = [
            (
                "</stream:features>",
                #"<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">\#(login)</auth>"#
            ),
            ("<success", Self.header),
            (
                "<bind",
                #"<iq type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>"#
            ),
        ]
        while step < words.count, heard.text.contains(words[step].awaited) {
            step += 1
            write(words[step - 1].answer)
        }
    }
}
