import Testing

@testable import XMPP

@Suite("Whole conversations")
struct ConversationTests {
    @Test("A client of the real service is understood, restart and all")
    func clientSide() {
        let transcript = Stream.read(Conversation.goClient)
        #expect(transcript.error == nil)
        #expect(transcript.events.count == 8)
        #expect(
            transcript.events.prefix(3) == [
                Stream.opened,
                .stanza(
                    Element(
                        "auth", namespace: Namespace.sasl,
                        attributes: [Attribute("mechanism", "PLAIN")],
                        text: Array("ADQyAGtleQ==".utf8))),
                .stanza(Element("success", namespace: Namespace.sasl)),
            ])
        #expect(transcript.events[3] == Stream.opened)
        #expect(transcript.stanzas.map(\.name) == ["auth", "success", "iq", "presence", "message"])
        #expect(transcript.stanzas[2].children[0].is("bind", in: Namespace.bind))
        #expect(
            transcript.stanzas[4].child("gcm", in: "google:mobile:data")?.textString
                == "{\"to\":\"dK3:APA\",\"message_id\":\"41\",\"message_type\":\"ack\"}")
        #expect(transcript.events.last == .closed)
    }

    @Test("The server's side is understood: features, receipts, prefixes, keepalives")
    func serverSide() throws {
        let transcript = Stream.read(Conversation.server)
        #expect(transcript.error == nil)
        let header = StreamHeader(from: "gcm.googleapis.com", id: "7C19A0D25E3B48F6")
        #expect(transcript.events.first == .opened(header))
        let features = try #require(StreamFeatures(transcript.stanzas[0]))
        #expect(features.mechanisms == ["X-OAUTH2", "X-GOOGLE-TOKEN", "PLAIN"])
        #expect(StreamFeatures(transcript.stanzas[2])?.bind == true)
        let nack = transcript.stanzas[3].child("gcm", in: "google:mobile:data")
        #expect(nack?.textString == "{\"message_type\":\"nack\"}")
        let upstream = transcript.stanzas[4]
        #expect(upstream.attributes.map(\.name) == ["to", "from", "type", "id"])
    }

    @Test("What a careless client writes between stanzas is passed over")
    func strayText() {
        let transcript = Stream.read(Conversation.careless)
        #expect(transcript.error == nil)
        #expect(transcript.stanzas.map(\.name) == ["auth", "success", "iq", "message", "message"])
        #expect(
            transcript.stanzas[3].child("gcm", in: "google:mobile:data")?.textString == """
                {
                  "to" : "x"
                }
                """)
        #expect(transcript.stanzas[4].id == "")
    }

    @Test("A header and all that follows in one read, cut anywhere, says the same")
    func everySplit() {
        for conversation in Conversation.all + Conversation.broken {
            let bytes = Array(conversation.utf8)
            let whole = Stream.read(bytes: bytes)
            for cut in 1..<bytes.count {
                let split = Stream.read(pieces: [bytes[..<cut], bytes[cut...]])
                #expect(split == whole, "cut at byte \(cut) of \(conversation)")
            }
            let single = Stream.read(pieces: bytes.indices.map { bytes[$0...$0] })
            #expect(single == whole, "byte by byte: \(conversation)")
        }
    }

    @Test("Random cuts into three say the same", arguments: 1...20 as ClosedRange<UInt64>)
    func randomSplits(seed: UInt64) {
        var generator = FixedGenerator(state: seed)
        for conversation in Conversation.all + Conversation.broken {
            let bytes = Array(conversation.utf8)
            let first = Int.random(in: 0..<bytes.count, using: &generator)
            let second = Int.random(in: first..<bytes.count, using: &generator)
            let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]]
            #expect(
                Stream.read(pieces: pieces) == Stream.read(bytes: bytes),
                "cut at \(first) and \(second) of \(conversation)")
        }
    }
}
