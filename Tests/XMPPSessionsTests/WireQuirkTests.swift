import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

/// Both values of every quirk of the wire.
@Suite("Quirks of the app-server stream")
struct WireQuirkTests {
    private func quirks(_ adjust: (inout WireQuirks) -> Void) -> WireQuirks {
        var quirks = WireQuirks()
        adjust(&quirks)
        return quirks
    }

    /// What a door with a quirk writes to a peer that says something.
    private func answer(
        to bytes: String, _ adjust: (inout WireQuirks) -> Void = { _ in }
    ) -> String {
        var door = AppServerDoor(quirks: quirks(adjust))
        return door.answer(to: bytes)
    }

    private static let restart = Sample.header() + Sample.auth() + Sample.header()

    @Test("xml-declaration: nothing, or a declaration, stands before each stream header")
    func declaration() {
        let declaration = "<?xml version=\"1.0\"?><stream:stream "
        #expect(!answer(to: Self.restart).contains("<?xml"))
        let written = answer(to: Self.restart) { $0.xmlDeclaration = .sent }
        #expect(written.split(separator: declaration).count == 2 && written.hasPrefix("<?xml"))
    }

    @Test("features-prefix: the features have the prefix stream, or str as documented")
    func featuresPrefix() throws {
        #expect(answer(to: Sample.header()).contains("><stream:features><mechanisms "))
        let written = answer(to: Self.restart) { $0.featuresPrefix = .str }
        let opening = "<str:features xmlns:str=\"http://etherx.jabber.org/streams\">"
        #expect(written.contains(opening + "<mechanisms "))
        #expect(written.hasSuffix("</str:features>"))
        var parser = StreamParser()
        parser.append(Array(written.utf8))
        _ = try parser.next()
        guard case .stanza(let features)? = try parser.next() else {
            Issue.record("no features")
            return
        }
        #expect(StreamFeatures(features)?.mechanisms.last == "PLAIN")
    }

    @Test("condition: at most five topics, or at most two operators")
    func condition() {
        func request(_ topics: [String]) -> String {
            let condition = topics.map { "'\($0)' in topics" }.joined(separator: " || ")
            return Sample.frame(#"{"condition":"\#(condition)","message_id":"d-1"}"#)
        }
        for (bound, most, says) in [
            (TopicCondition.Bound.fiveTopics, 5, "more than 5 topics at byte 85"),
            (.twoOperators, 3, "more than 2 operators at byte 48"),
        ] {
            var door = AppServerDoor(quirks: quirks { $0.condition = bound })
            door.hear(Self.restart + Sample.bind)
            _ = door.written()
            let topics = ["a", "b", "c", "d", "e", "f"]
            #expect(door.hear(request(Array(topics.prefix(most)))).count == 1)
            #expect(door.written().isEmpty)
            door.hear(request(Array(topics.prefix(most + 1))))
            #expect(door.written().contains("InvalidJson: condition: \(says)"))
        }
    }

    @Test("session-feature: advertised or absent, and answered in any case")
    func sessionFeature() {
        let request =
            "<iq type=\"set\" id=\"s1\"><session xmlns=\"urn:ietf:params:xml:ns:xmpp-session\"/></iq>"
        for (value, isThere) in [
            (WireQuirks.SessionFeature.advertised, true), (.absent, false),
        ] {
            let written = answer(to: Self.restart + Sample.bind + request) {
                $0.sessionFeature = value
            }
            #expect(written.contains("<session ") == isThere)
            #expect(written.hasSuffix("<iq type=\"result\" id=\"s1\"/>"))
        }
    }

    @Test("resource: the proposal gets a suffix, or is bound as it came")
    func resource() {
        let drawn = AppServerDoor.drawn.resource
        let proposal = Self.restart + Sample.bind(resource: "test")
        #expect(answer(to: proposal).contains("/test\(drawn)</jid>"))
        #expect(answer(to: proposal) { $0.resource = .unchanged }.contains("/test</jid>"))
        // Without a proposal there is nothing to leave unchanged.
        #expect(
            answer(to: Self.restart + Sample.bind) { $0.resource = .unchanged }
                .contains("/\(drawn)</jid>"))
    }

    @Test("after-login-failure: the stream ends, or the app server may try again")
    func afterLoginFailure() {
        let wrong = Sample.auth(user: Sample.sender, password: "WRONG")
        var door = AppServerDoor(quirks: quirks { $0.afterLoginFailure = .keepOpen })
        door.hear(Sample.header())
        #expect(door.hear(wrong) == ["login 555000111222 WRONG"])
        #expect(door.written().hasSuffix("<not-authorized/></failure>"))
        #expect(
            door.hear(Sample.auth() + Sample.header() + Sample.bind).last
                == "bound 555000111222 \(AppServerDoor.address)")

        door = AppServerDoor()
        door.hear(Sample.header() + wrong)
        #expect(door.written().hasSuffix("<not-authorized/></failure></stream:stream>"))
    }

    @Test("An app server that may try again may do so four times")
    func loginAttempts() {
        var door = AppServerDoor(quirks: quirks { $0.afterLoginFailure = .keepOpen })
        door.hear(Sample.header())
        for _ in 1...4 {
            door.hear(Sample.auth(mechanism: "X-OAUTH2"))
            #expect(!door.session.isEnded)
        }
        door.hear(Sample.auth(mechanism: "X-OAUTH2"))
        #expect(door.session.isEnded)
    }

    /// What a bound door writes on an order.
    private func written(
        _ adjust: (inout WireQuirks) -> Void, _ order: (inout RelayAppServerSession) -> Void
    ) -> String {
        var door = AppServerDoor.bound(quirks: quirks(adjust))
        order(&door.session)
        return door.written()
    }

    @Test("message-attributes: addressed, or bare")
    func messageAttributes() throws {
        let message = try Sample.message()
        #expect(
            written({ _ in }) { $0.transmit(message) }.hasPrefix(
                "<message to=\"\(AppServerDoor.address)\" from=\"devices@gcm.googleapis.com\" "
                    + "type=\"normal\" id=\"41\"><gcm "))
        #expect(
            written({ $0.messageAttributes = .bare }) { $0.transmit(message) }
                .hasPrefix("<message id=\"41\"><gcm "))
    }

    @Test(
        "stanza-id: the message ID, empty, or absent; answers have one only if it is empty",
        arguments: [
            (WireQuirks.StanzaID.messageID, " id=\"41\"", ""), (.empty, " id=\"\"", " id=\"\""),
            (.absent, "", ""),
        ])
    func stanzaID(value: WireQuirks.StanzaID, upstream: String, answer: String) throws {
        let message = try Sample.message()
        #expect(
            written({ $0.stanzaID = value }) { $0.transmit(message) }
                .contains("type=\"normal\"\(upstream)><gcm "))
        #expect(
            written({ $0.stanzaID = value }) { $0.announceDraining() }
                .hasPrefix("<message\(answer)><data:gcm "))
        #expect(
            written({ $0.stanzaID = value }) { $0.rejectAcknowledgement(message.pair) }
                .hasPrefix("<message\(answer) type=\"error\""))
    }

    @Test("upstream-members: with time_to_live as observed, or as documented")
    func upstreamMembers() throws {
        let message = try Sample.message()
        let observed = written({ _ in }) { $0.transmit(message) }
        #expect(observed.contains(#"{"data":{"greet":"coo","n":"7"},"time_to_live":86400,"#))
        let documented = written({ $0.upstreamMembers = .documented }) { $0.transmit(message) }
        #expect(documented.contains(#">{"category":"com.example.pigeon","data":"#))
        #expect(!documented.contains("time_to_live"))
    }

    @Test("answer-prefix: data, or absent")
    func answerPrefix() {
        #expect(
            written({ _ in }) { $0.announceDraining() }.hasPrefix(
                #"<message><data:gcm xmlns:data="google:mobile:data">{"#))
        #expect(
            written({ $0.answerPrefix = .absent }) { $0.announceDraining() }.hasPrefix(
                #"<message><gcm xmlns="google:mobile:data">{"#))
    }

    @Test("error-description: a text, or empty")
    func errorDescription() throws {
        let id = try MessageID("d-1").orThrow()
        let answer = DownstreamAnswer.nack(.badRegistration, description: "no such token")
        #expect(
            written({ _ in }) { $0.answer(answer, to: "t", id) }
                .contains(#""error_description":"no such token"}"#))
        #expect(
            written({ $0.errorDescription = .empty }) { $0.answer(answer, to: "t", id) }
                .contains(#""error_description":""}"#))
    }

    @Test("The profile docs is the sum of five quirks")
    func docs() {
        let docs = quirks {
            $0.featuresPrefix = .str
            $0.messageAttributes = .bare
            $0.stanzaID = .empty
            $0.upstreamMembers = .documented
            $0.answerPrefix = .absent
        }
        #expect(Profile.docs.quirks == docs)
        #expect(Profile.observed.quirks == WireQuirks())
    }
}
