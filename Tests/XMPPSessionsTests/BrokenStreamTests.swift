import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Broken streams, at both doors")
struct BrokenStreamTests {
    /// Something that no peer may write, and what each door says to it.
    struct Offence: Sendable, CustomTestStringConvertible {
        let text: String
        /// Of an app server.
        let condition: String
        /// Of a device, if it differs.
        var deviceCondition: String?

        var testDescription: String { String(text.prefix(60)) }
    }

    static let xml: [Offence] = [
        Offence(
            text: "<message><gcm xmlns='google:mobile:data'>{\"a\":\"1 < 2\"}</gcm></message>",
            condition: "invalid-xml", deviceCondition: "not-well-formed"),
        Offence(
            text:
                "<message><gcm xmlns='google:mobile:data'>{\"a\":\"Tom & Jerry\"}</gcm></message>",
            condition: "invalid-xml", deviceCondition: "not-well-formed"),
        Offence(
            text: "<message><gcm xmlns='google:mobile:data'>{\"a\":\"Hello <World> &\"}</gcm>"
                + "</message>",
            condition: "invalid-xml", deviceCondition: "not-well-formed"),
        Offence(
            text: "<message></iq>", condition: "invalid-xml", deviceCondition: "not-well-formed"),
        Offence(
            text: "<message></m\u{FFFE}>", condition: "invalid-xml",
            deviceCondition: "not-well-formed"),
        Offence(
            text: "<message>\u{1}</message>", condition: "invalid-xml",
            deviceCondition: "not-well-formed"),
        Offence(text: "<!DOCTYPE x [<!ENTITY y 'z'>]>", condition: "restricted-xml"),
        Offence(text: "<message><!-- x --></message>", condition: "restricted-xml"),
        Offence(text: "<?target data?>", condition: "restricted-xml"),
        Offence(text: "<message>&nbsp;</message>", condition: "restricted-xml"),
        Offence(
            text: "<message>" + String(repeating: "x", count: 65_536) + "</message>",
            condition: "policy-violation"),
        Offence(
            text: "<message id='" + String(repeating: "x", count: 4_096) + "'/>",
            condition: "policy-violation"),
        Offence(
            text: String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33),
            condition: "policy-violation"),
        Offence(text: Sample.header(), condition: "bad-format"),
        Offence(text: "<message xmlns='urn:x'/>", condition: "unsupported-stanza-type"),
        Offence(text: "<message xmlns='jabber:server'/>", condition: "unsupported-stanza-type"),
        Offence(
            text: "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            condition: "unsupported-stanza-type"),
    ]

    /// A bound door says so, ends its stream, reads nothing more; what it writes can be read.
    private func check<D: Door>(
        _ fresh: D, _ opening: String, _ offence: String, _ condition: String
    ) throws {
        var door = fresh
        door.hear(opening)
        let before = door.written()
        let last = try #require(door.hear(offence + "<message/>").last)
        #expect(last.hasPrefix("failed \(condition)"), "\(last)")
        let written = door.written()
        #expect(
            written.hasPrefix(
                "<stream:error><\(condition) xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/>"))
        #expect(written.hasSuffix("</stream:error></stream:stream>"))
        if condition == "invalid-xml" {
            #expect(
                written == "<stream:error><invalid-xml "
                    + "xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/></stream:error>"
                    + "</stream:stream>")
        }
        #expect(throws: Never.self) { try ReadBack.stanzas(Array((before + written).utf8)) }
        #expect(door.session.isEnded)
        #expect(door.hear("<presence/>").isEmpty && door.written().isEmpty)
    }

    @Test("A bound stream that is broken ends with the door's condition", arguments: xml)
    func bound(offence: Offence) throws {
        let opening = Sample.header() + Sample.auth() + Sample.header() + Sample.bind
        try check(AppServerDoor(), opening, offence.text, offence.condition)
        try check(
            AppServerDoor(profile: .docs), opening, offence.text, offence.condition)
        try check(
            DeviceDoor(), DeviceDoor.opening + "<enable xmlns='urn:xmpp:sm:3'/>", offence.text,
            offence.deviceCondition ?? offence.condition)
    }

    static let early = [
        "<message/>", "<presence/>", "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<enable xmlns='urn:xmpp:sm:3'/>", "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    ]

    @Test("Whatever comes before the login ends the stream with not-authorized", arguments: early)
    func beforeLogin(stanza: String) throws {
        try check(AppServerDoor(), Sample.header(), stanza, "not-authorized")
        try check(DeviceDoor(), Sample.header(), stanza, "not-authorized")
    }

    @Test(
        "Whatever comes before a resource is bound ends the stream with not-authorized",
        arguments: ["<message/>", "<presence/>", Sample.auth(), "<iq type='nonsense'/>"])
    func beforeBind(stanza: String) throws {
        try check(
            AppServerDoor(), Sample.header() + Sample.auth() + Sample.header(), stanza,
            "not-authorized")
        let login = Sample.auth(user: "4711", password: "S3CRET")
        try check(
            DeviceDoor(), Sample.header() + login + Sample.header(), stanza, "not-authorized")
    }

    /// First bytes that begin no stream, for app servers and devices.
    static let openings: [Offence] = [
        Offence(
            text: "GET / HTTP/1.1\r\n\r\n", condition: "invalid-xml",
            deviceCondition: "not-well-formed"),
        Offence(text: "<iq type='set'/>", condition: "bad-format"),
        Offence(text: "<iq type='set'>", condition: "bad-format"),
        Offence(
            text: "<stream:stream xmlns='jabber:client' xmlns:stream='urn:x'>",
            condition: "invalid-namespace"),
        Offence(text: "<!DOCTYPE x>", condition: "restricted-xml"),
        Offence(
            text: "<?xml version='1.0' encoding='latin1'?>" + Sample.header(),
            condition: "unsupported-encoding"),
        Offence(
            text: "<stream:stream to='" + String(repeating: "x", count: 4_096) + "'>",
            condition: "policy-violation"),
    ]

    @Test(
        "A stream that begins wrongly is opened to say so (RFC 6120 §4.9.1.2)", arguments: openings)
    func beginning(offence: Offence) throws {
        try checkBeginning(AppServerDoor(), offence.text, offence.condition)
        try checkBeginning(
            DeviceDoor(), offence.text, offence.deviceCondition ?? offence.condition)
    }

    @Test("So is a stream that is begun anew wrongly, after the login", arguments: openings)
    func restart(offence: Offence) throws {
        var app = AppServerDoor()
        app.hear(Sample.header() + Sample.auth())
        _ = app.written()
        try checkBeginning(app, offence.text, offence.condition)
        var device = DeviceDoor()
        device.hear(Sample.header() + Sample.auth(user: "4711", password: "S3CRET"))
        _ = device.written()
        try checkBeginning(device, offence.text, offence.deviceCondition ?? offence.condition)
    }

    private func checkBeginning(_ fresh: some Door, _ text: String, _ condition: String) throws {
        var door = fresh
        let events = door.hear(text)
        #expect(events.count == 1 && events[0].hasPrefix("failed \(condition)"), "\(events)")
        let output = door.session.takeOutput()
        let written = String(decoding: output, as: UTF8.self)
        #expect(written.hasPrefix("<stream:stream from=\"gcm.googleapis.com\" id="))
        #expect(written.contains("<stream:error><\(condition) xmlns="))
        #expect(written.hasSuffix("</stream:error></stream:stream>"))
        #expect(throws: Never.self) { try ReadBack.stanzas(output) }
    }

    @Test("A stream that our side never opened is ended without a word")
    func endBeforeBeginning() {
        var app = AppServerDoor()
        app.session.end()
        #expect(app.written().isEmpty && app.session.isEnded)
        app = AppServerDoor()
        app.hear(Sample.header() + Sample.auth())
        _ = app.written()
        app.session.end()
        #expect(app.written().isEmpty && app.session.isEnded)
        var device = DeviceSession()
        device.end()
        #expect(device.takeOutput().isEmpty && device.isEnded)
    }

    @Test("A peer's stream error ends the stream; it gets no error in answer (RFC 6120 §4.9)")
    func peerError() {
        let error =
            "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
            + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>no bind</text></stream:error>"
            + "</stream:stream>"
        for isBound in [true, false] {
            var app = AppServerDoor()
            if isBound { app = .bound() } else { app.hear(Sample.header()) }
            _ = app.written()
            #expect(app.hear(error) == ["ended: undefined-condition no bind"])
            #expect(app.written() == "</stream:stream>")
            var device = DeviceDoor()
            if isBound { device = .enabled() } else { device.hear(Sample.header()) }
            _ = device.written()
            #expect(device.hear(error) == ["ended: undefined-condition no bind"])
            #expect(device.written() == "</stream:stream>")
        }
    }

    @Test("A peer that goes on talking while its login is looked at is cut off")
    func flood() throws {
        var app = AppServerDoor()
        app.loginPolicy = .wait
        var device = DeviceDoor()
        device.answersLogin = false
        let blanks = Array(repeating: UInt8(ascii: " "), count: 65_536)
        func check(_ door: inout some Door, _ auth: String) throws {
            door.hear(Sample.header() + auth)
            _ = door.written()
            #expect(door.hear(blanks).isEmpty && !door.session.isEnded)
            let events = door.hear(" ")
            #expect(
                events == ["failed policy-violation: more than 65536 bytes came during the login"])
            #expect(door.written().contains("<policy-violation"))
            #expect(door.session.isEnded)
        }
        try check(&app, Sample.auth())
        try check(&device, Sample.auth(user: "4711", password: "S3CRET"))
    }

    @Test("An ended stream keeps nothing of what still comes")
    func afterTheEnd() {
        var stream = XMLStream()
        stream.end()
        for _ in 0..<100 { Array("<message/>".utf8).withUnsafeBytes { stream.receive($0) } }
        #expect(stream.bufferedBytes == 0)
    }

    @Test("The driver's own fault is told with its reason")
    func driversFault() {
        var app = AppServerDoor.bound()
        app.session.end(StreamFault(.policyViolation, "1,000 connections are open & enough"))
        #expect(
            app.written() == "<stream:error>"
                + "<policy-violation xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/>"
                + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\">"
                + "1,000 connections are open &amp; enough</text></stream:error></stream:stream>")
        app.session.end(StreamFault(.reset, "again"))
        #expect(app.written().isEmpty)
    }
}
