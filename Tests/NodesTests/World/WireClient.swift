import CloudMessaging
import Nodes
import XMPP

/// An app server that writes its stanzas by hand and keeps every byte that comes.
final class WireClient: TransportEvents {
    /// How the connection stands, as this end sees it.
    enum State: Equatable { case open, fin, reset }

    private static let header =
        #"<stream:stream to="gcm.googleapis.com" version="1.0" xmlns="jabber:client" "#
        + #"xmlns:stream="http://etherx.jabber.org/streams">"#

    private let login: String
    private var transport: (any Transport)?
    private(set) var bytes: [UInt8] = []
    private(set) var state = State.open
    private var step = 0

    init(sender: SenderID, key: String) {
        login = String(decoding: Base64.encode(Array("\0\(sender)\0\(key)".utf8)), as: UTF8.self)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var isBound: Bool { text.contains("<jid>") }
    /// What came after the binding, if it is bound.
    var bytesAfterBinding: [UInt8] {
        guard let end = text.firstRange(of: "</iq>") else { return [] }
        return Array(bytes[text.utf8.distance(from: text.startIndex, to: end.upperBound)...])
    }

    func write(_ stanzas: String) {
        var bytes = Array(stanzas.utf8)
        transport?.write(&bytes)
    }

    func write(frames: [String]) {
        write(
            frames.map { "<message><gcm xmlns=\"google:mobile:data\">\($0)</gcm></message>" }
                .joined())
    }

    // MARK: Transport

    func transportBegan(_ transport: any Transport) { self.transport = transport }

    func transportOpened(_ transport: any Transport) { write(Self.header) }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        self.bytes += bytes
        goOn()
    }

    func transportReadComplete(_ transport: any Transport) {}

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        if case .clean = reason { state = .fin } else { state = .reset }
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
        while step < words.count, text.contains(words[step].awaited) {
            step += 1
            write(words[step - 1].answer)
        }
    }

    // MARK: What came, in words

    /// The stanzas after the binding and the end of the stream: `m-1`, `ack d-1`,
    /// `nack d-1 CODE`, `406`, `draining`, `end`, `policy-violation`.
    var sights: [String] {
        var sights = text.split(separator: "<message").dropFirst().compactMap { stanza in
            sight(String(stanza))
        }
        if text.contains("<policy-violation") { sights.append("policy-violation") }
        if text.hasSuffix("</stream:stream>") { sights.append("end") }
        return sights
    }

    private func sight(_ stanza: String) -> String? {
        guard stanza.contains("</message>") else { return nil }
        guard !stanza.contains("CONNECTION_DRAINING\"}") || !stanza.contains("control") else {
            return "draining"
        }
        let id = member("message_id", of: stanza) ?? "?"
        if stanza.contains("not-acceptable") { return "406" }
        switch member("message_type", of: stanza) {
        case "ack": return "ack \(id)"
        case "nack": return "nack \(id) \(member("error", of: stanza) ?? "?")"
        default: return id
        }
    }

    private func member(_ name: String, of stanza: String) -> String? {
        guard let start = stanza.firstRange(of: "\"\(name)\":\"") else { return nil }
        return String(stanza[start.upperBound...].prefix { $0 != "\"" })
    }
}

extension World {
    /// An app server on the wire; its connection is accepted at once.
    func wire() -> WireClient {
        let client = WireClient(sender: Self.sender, key: Self.key)
        _ = MemoryTransport.connect(
            client, relay.accept(.appServers, peer: "shop"), on: scheduler)
        return client
    }
}
