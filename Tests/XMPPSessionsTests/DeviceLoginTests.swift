import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Device stream: check-in, login, registration")
struct DeviceLoginTests {
    private static let checkIn =
        "<iq type=\"get\" id=\"c1\"><check-in xmlns=\"urn:gcm-simulator:device\"/></iq>"

    @Test("A device checks in, logs in, binds and turns acknowledgements on, byte by byte")
    func byteByByte() {
        let drawn = AppServerDoor.drawn
        var door = DeviceDoor()
        let header =
            "version=\"1.0\" xmlns:stream=\"http://etherx.jabber.org/streams\" "
            + "xmlns=\"jabber:client\">"
        #expect(
            door.answer(to: Sample.header())
                == "<stream:stream from=\"gcm.googleapis.com\" id=\"\(drawn.firstID)\" \(header)"
                + "<stream:features><mechanisms xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">"
                + "<mechanism>PLAIN</mechanism></mechanisms></stream:features>")
        #expect(door.hear(Self.checkIn) == ["check-in"])
        #expect(
            door.written()
                == "<iq type=\"result\" id=\"c1\"><check-in xmlns=\"urn:gcm-simulator:device\" "
                + "device-id=\"4711\" security-token=\"S3CRET\"/></iq>")
        #expect(door.hear(Sample.auth(user: "4711", password: "S3CRET")) == ["login 4711 S3CRET"])
        #expect(door.written() == "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>")
        #expect(
            door.answer(to: Sample.header())
                == "<stream:stream from=\"gcm.googleapis.com\" id=\"\(drawn.secondID)\" \(header)"
                + "<stream:features><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/>"
                + "<session xmlns=\"urn:ietf:params:xml:ns:xmpp-session\"/>"
                + "<sm xmlns=\"urn:xmpp:sm:3\"/></stream:features>")
        #expect(door.hear(Sample.bind) == ["bound"])
        #expect(
            door.written()
                == "<iq type=\"result\" id=\"b1\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">"
                + "<jid>4711@gcm.googleapis.com/\(drawn.resource)</jid></bind></iq>")
        #expect(door.hear("<enable xmlns=\"urn:xmpp:sm:3\"/>") == ["ready"])
        #expect(door.written() == "<enabled xmlns=\"urn:xmpp:sm:3\"/>")
        door.session.writeKeepalive()
        #expect(door.written() == " ")
    }

    @Test("A second check-in before the answer, or one without an ID, is no check-in")
    func checkIns() {
        var session = RelayDeviceSession(entropy: Entropy(seed: 1))
        session.receive(Array((Sample.header() + Self.checkIn + Self.checkIn).utf8))
        guard case .checkIn = session.nextEvent() else {
            Issue.record("no check-in")
            return
        }
        guard case .failed(let fault) = session.nextEvent() else {
            Issue.record("no fault")
            return
        }
        #expect(fault.condition == .notAuthorized)
        _ = session.takeOutput()
        session.answerCheckIn(DeviceDoor.identity)
        #expect(session.takeOutput().isEmpty)

        var door = DeviceDoor()
        let anonymous = Self.checkIn.replacing(" id=\"c1\"", with: "")
        #expect(door.hear(Sample.header() + anonymous).last?.hasPrefix("failed not-author") == true)
    }

    @Test("A device may check in, and be let in, in one go")
    func pipelined() {
        var door = DeviceDoor()
        door.answersLogin = false
        let upload = DeviceDoor.upload(id: "u-1")
        let events = door.hear(
            Sample.header() + Self.checkIn + Sample.auth(user: "4711", password: "S3CRET")
                + Sample.header() + Sample.bind + "<enable xmlns='urn:xmpp:sm:3'/>" + upload)
        #expect(events == ["check-in", "login 4711 S3CRET"])
        #expect(door.hear(DeviceDoor.upload(id: "u-2")).isEmpty)
        _ = door.written()
        door.session.acceptLogin()
        #expect(door.events() == ["bound", "ready", "upload u-1 ticket 1", "upload u-2 ticket 2"])
    }

    private static let request =
        "<iq type=\"set\" id=\"r1\"><register xmlns=\"urn:gcm-simulator:device\" "
        + "app=\"com.example.pigeon\"><sender>555000111222</sender><sender>42</sender></register>"
        + "</iq>"

    @Test("A registration is answered with the token, or with an error code")
    func registration() throws {
        var door = DeviceDoor.enabled()
        #expect(
            door.hear(Self.request) == [
                "register com.example.pigeon for [\"555000111222\", \"42\"] request r1"
            ])
        #expect(
            door.answer(to: "<r xmlns='urn:xmpp:sm:3'/>") == "<a xmlns=\"urn:xmpp:sm:3\" h=\"0\"/>")
        door.session.answerRegistration(
            AppRegistration(
                category: try Category("com.example.pigeon").orThrow(),
                token: RegistrationToken("dK3:APA"), senders: [try SenderID("42").orThrow()]),
            request: "r1")
        door.session.writeAcknowledgements()
        #expect(
            door.written()
                == "<iq type=\"result\" id=\"r1\"><register xmlns=\"urn:gcm-simulator:device\" "
                + "app=\"com.example.pigeon\" token=\"dK3:APA\"><sender>42</sender></register></iq>"
                + "<a xmlns=\"urn:xmpp:sm:3\" h=\"1\"/>")
        door.hear(Self.request)
        door.session.refuse(.invalidParameters, reason: "no", request: "r1")
        door.session.writeAcknowledgements()
        #expect(
            door.written()
                == "<iq type=\"error\" id=\"r1\"><error type=\"modify\">"
                + "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
                + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">"
                + "no</text>"
                + "<error xmlns=\"urn:gcm-simulator:device\" code=\"invalid_parameters\"/>"
                + "</error></iq><a xmlns=\"urn:xmpp:sm:3\" h=\"2\"/>")
        door.session.refuse(.invalidParameters, reason: "no", request: "r1")
        #expect(door.written().isEmpty)
    }

    @Test(
        "A registration that names no app or an impossible sender is refused as invalid",
        arguments: [
            "<register xmlns='urn:gcm-simulator:device'/>",
            "<register xmlns='urn:gcm-simulator:device' app=''/>",
            "<register xmlns='urn:gcm-simulator:device' app='a'><sender>a b</sender></register>",
            "<register xmlns='urn:gcm-simulator:device' app='a'><sender/></register>",
        ])
    func impossibleRegistration(payload: String) {
        var door = DeviceDoor.enabled()
        #expect(door.hear("<iq type='set' id='r1'>\(payload)</iq>").isEmpty)
        #expect(door.written().contains("code=\"invalid_parameters\""))
        #expect(door.session.hasAcknowledgement)
    }

    @Test("IDs of requests are told apart by their bytes")
    func requestIDs() {
        var door = DeviceDoor.enabled()
        let composed = Self.request.replacing("r1", with: "\u{E9}")
        let decomposed = Self.request.replacing("r1", with: "e\u{301}")
        #expect(door.hear(composed + decomposed).count == 2)
        door.session.refuse(.invalidParameters, reason: "no", request: "e\u{301}")
        #expect(Array(door.written().utf8).contains(Array("id=\"e\u{301}\"".utf8)))
        door.session.refuse(.invalidParameters, reason: "no", request: "\u{E9}")
        #expect(Array(door.written().utf8).contains(Array("id=\"\u{E9}\"".utf8)))
        door.session.writeAcknowledgements()
        #expect(door.written() == "<a xmlns=\"urn:xmpp:sm:3\" h=\"2\"/>")
    }
}
