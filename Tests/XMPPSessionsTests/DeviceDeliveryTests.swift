import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

/// A device's end of deliveries, told to it as text: the acknowledgements are those of XEP-0198.
@Suite("Device stream: deliveries")
struct DeviceDeliveryTests {
    private static let request = "<r xmlns='urn:xmpp:sm:3'/>"
    private static let notice = """
        <message from='gcm.googleapis.com'><gcm xmlns='google:mobile:data'>{"app":"a",\
        "message_type":"deleted_messages","total_deleted":"101"}</gcm></message>
        """

    private static func answer(_ handled: Int) -> String {
        "<a xmlns=\"urn:xmpp:sm:3\" h=\"\(handled)\"/>"
    }

    private static func delivery(_ number: Int) -> String {
        """
        <message id='d-\(number)' from='5@gcm.googleapis.com'><gcm xmlns='google:mobile:data'>\
        {"app":"a","message_id":"d-\(number)","from":"5","data":{"k":"&lt;"}}</gcm></message>
        """
    }

    private static func line(_ number: Int) -> String {
        "received d-\(number) for a from 5: {\"k\":\"<\"}"
    }

    /// A device whose stream is ready, with nothing left to be written.
    private static func ready() -> Device {
        var road = Road(Device(identity: DeviceDoor.identity), DeviceDoor())
        road.settle()
        return road.client
    }

    @Test("Messages and notices become events, and count for h")
    func events() {
        var device = Self.ready()
        #expect(
            device.hear(Self.delivery(1) + Self.notice + "<message/>" + Self.delivery(2))
                == [Self.line(1), "101 messages deleted for a", Self.line(2)])
        #expect(device.written().isEmpty)
        #expect(device.answer(to: Self.request) == Self.answer(4))
    }

    @Test("A request is answered at once with the h of now, however often it is asked")
    func requests() {
        var device = Self.ready()
        #expect(device.answer(to: Self.request) == Self.answer(0))
        #expect(
            device.answer(to: Self.delivery(1) + Self.request + Self.delivery(2) + Self.request)
                == Self.answer(1) + Self.answer(2))
        #expect(device.answer(to: Self.request) == Self.answer(2))
    }

    @Test("Every tenth stanza is acknowledged unasked, counted from the last acknowledgement")
    func unasked() {
        var device = Self.ready()
        for number in 1...9 { device.hear(Self.delivery(number)) }
        #expect(device.written().isEmpty)
        #expect(device.answer(to: Self.delivery(10)) == Self.answer(10))
        device.hear(Self.delivery(11))
        #expect(device.answer(to: Self.request) == Self.answer(11))
        for number in 12...20 { device.hear(Self.delivery(number)) }
        #expect(device.written().isEmpty)
        #expect(device.answer(to: Self.delivery(21)) == Self.answer(21))
    }

    @Test("All kinds of stanzas count, the relay's answers and what cannot be used among them")
    func allStanzas() {
        var device = Self.ready()
        let stanzas =
            "<message type='error' id='u-1'/><presence/><iq type='result' id='x'/>"
            + "<message><gcm xmlns='google:mobile:data'>{}</gcm></message>"
        #expect(
            device.hear(stanzas) == [
                "refused u-1 serviceNotAvailable", "unusable delivery: a delivery names no app",
            ])
        #expect(device.answer(to: Self.request) == Self.answer(4))
    }

    @Test("A repeat after a new login counts from 0 again, and is an event again")
    func repeated() {
        for _ in 1...2 {
            var device = Self.ready()
            #expect(device.hear(Self.delivery(1)) == [Self.line(1)])
            #expect(device.answer(to: Self.request) == Self.answer(1))
        }
    }

    @Test("However the bytes are cut, the same is heard and answered")
    func everySplit() {
        let text = Array((1...10).map(Self.delivery).joined().utf8) + Array(Self.notice.utf8)
        let bytes = text + Array(Self.request.utf8)
        var whole = Self.ready()
        let events = whole.hear(bytes)
        #expect(events == (1...10).map(Self.line) + ["101 messages deleted for a"])
        let answers = whole.written()
        #expect(answers == Self.answer(10) + Self.answer(11))
        for cut in bytes.indices {
            var device = Self.ready()
            let heard = device.hear(Array(bytes[..<cut])) + device.hear(Array(bytes[cut...]))
            #expect(heard == events, "at byte \(cut)")
            #expect(device.written() == answers, "at byte \(cut)")
        }
        var device = Self.ready()
        #expect(bytes.flatMap { device.hear([$0]) } == events)
        #expect(device.written() == answers)
    }
}
