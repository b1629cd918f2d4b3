import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Device stream: acknowledgements")
struct DeviceAcknowledgementTests {
    private static let request = "<r xmlns=\"urn:xmpp:sm:3\"/>"
    private static let ping = "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"
    private static let pong = "<iq type=\"result\" id=\"p\"/>"

    private static func answer(_ handled: Int) -> String {
        "<a xmlns=\"urn:xmpp:sm:3\" h=\"\(handled)\"/>"
    }

    @Test("A request is answered at once with the h of now; unasked, only when h grew")
    func requests() {
        var door = DeviceDoor.enabled()
        #expect(door.answer(to: Self.request) == Self.answer(0))
        door.session.writeAcknowledgements()
        #expect(door.written().isEmpty && !door.session.hasAcknowledgement)
        door.hear(DeviceDoor.upload(id: "u-1"))
        #expect(door.answer(to: Self.request) == Self.answer(0))
        door.session.finish(1)
        #expect(door.session.hasAcknowledgement)
        door.session.writeAcknowledgements()
        #expect(door.written() == Self.answer(1))
        door.session.writeAcknowledgements()
        #expect(door.written().isEmpty && !door.session.hasAcknowledgement)
        door.hear(DeviceDoor.upload(id: "u-2"))
        door.session.finish(2)
        #expect(door.answer(to: Self.request + Self.request) == Self.answer(2) + Self.answer(2))
        door.session.writeAcknowledgements()
        #expect(door.written().isEmpty)
    }

    @Test("h is the longest prefix that is dealt with: refusals, requests and presence in between")
    func outOfOrder() {
        var door = DeviceDoor.enabled()
        let stanzas =
            DeviceDoor.upload(id: "u-1") + DeviceDoor.upload(id: "u-2") + Self.ping
            + DeviceDoor.upload(id: "u-4") + "<presence/>" + DeviceDoor.upload(id: "u-6")
        #expect(
            door.hear(stanzas) == [
                "upload u-1 ticket 1", "upload u-2 ticket 2", "upload u-4 ticket 4",
                "upload u-6 ticket 6",
            ])
        #expect(door.written() == Self.pong)
        func expect(_ handled: Int) {
            #expect(door.answer(to: Self.request) == Self.answer(handled))
        }
        expect(0)
        door.session.finish(4)
        expect(0)
        door.session.refuse(UploadID("u-2"), .messageTooBig, 2)
        #expect(!door.session.hasAcknowledgement)
        #expect(door.written().hasPrefix("<message type=\"error\" id=\"u-2\">"))
        expect(0)
        door.session.finish(1)
        #expect(door.session.hasAcknowledgement)
        expect(5)
        door.session.finish(6)
        expect(6)
    }

    @Test("A device that acknowledges nothing is reminded, and at last cut off")
    func unacknowledged() {
        var door = DeviceDoor.enabled()
        for _ in 1..<250 { #expect(door.answer(to: Self.ping) == Self.pong) }
        door.session.writeAcknowledgements()
        #expect(!door.written().contains(Self.request))
        door.hear(Self.ping)
        door.session.writeAcknowledgements()
        #expect(door.written().hasSuffix(Self.request))
        for _ in 251...1_000 { #expect(door.answer(to: Self.ping) == Self.pong) }
        let events = door.hear(Self.ping)
        #expect(events.count == 1 && events[0].contains("acknowledge what you get"))
        #expect(door.written().contains("<policy-violation "))
        #expect(door.session.isEnded)
    }

    @Test("A device that acknowledges may go on for ever")
    func acknowledged() {
        var door = DeviceDoor.enabled()
        for count in 1...1_500 {
            #expect(door.answer(to: Self.ping) == Self.pong)
            if count.isMultiple(of: 500) { door.hear(Self.answer(count)) }
        }
        #expect(!door.session.isEnded)
    }

    @Test("A stanza that is finished twice counts once")
    func twice() {
        var prefix = HandledPrefix()
        for _ in 0..<3 { _ = prefix.receive() }
        prefix.finish(1)
        prefix.finish(1)
        prefix.finish(3)
        prefix.finish(3)
        #expect(prefix.handled == 1)
        prefix.finish(2)
        #expect(prefix.handled == 3)
        prefix.finish(2)
        #expect(prefix.handled == 3 && prefix.hasNews)
        #expect(prefix.tell() == .answer(handled: 3))
        #expect(!prefix.hasNews)
    }

    @Test("Stanzas finished in any order of chance give the longest prefix")
    func anyOrder() {
        var entropy = Entropy(seed: 11)
        for _ in 0..<50 {
            var prefix = HandledPrefix()
            let numbers = (1...40).map { _ in prefix.receive() }
            var finished: Set<UInt32> = []
            for number in numbers.shuffled(using: &entropy) {
                prefix.finish(number)
                finished.insert(number)
                let longest = (1...41).first { !finished.contains($0) }
                #expect(prefix.handled == (longest ?? 0) - 1)
            }
        }
    }

    @Test("Stream management out of turn ends the stream")
    func outOfTurn() {
        for text in [
            "<enable xmlns='urn:xmpp:sm:3'/>", "<enabled xmlns='urn:xmpp:sm:3'/>",
            "<failed xmlns='urn:xmpp:sm:3'/>",
            "<a xmlns='urn:xmpp:sm:3' h='x'/>", "<resume xmlns='urn:xmpp:sm:3' h='0' previd='x'/>",
        ] {
            var door = DeviceDoor.enabled()
            let events = door.hear(text)
            #expect(events.first?.hasPrefix("failed unsupported-stanza-type") == true, "\(text)")
            #expect(door.session.isEnded)
        }
    }

    @Test("An acknowledgement of what was never sent ends the stream; one of nothing is fine")
    func neverSent() {
        var door = DeviceDoor.enabled()
        #expect(door.hear("<a xmlns='urn:xmpp:sm:3' h='0'/>").isEmpty)
        let events = door.hear("<a xmlns='urn:xmpp:sm:3' h='1'/>")
        #expect(events.first?.hasPrefix("failed policy-violation") == true)
        #expect(door.session.isEnded)
    }

    @Test("Deliveries are counted among the other stanzas, and asked about once a round")
    func deliveries() {
        var door = DeviceDoor.enabled()
        door.hear(Self.ping)
        for index in 1...2 { door.session.deliver(.sample("d-\(index)")) }
        _ = door.written()
        door.session.writeAcknowledgements()
        #expect(door.written() == Self.answer(1) + Self.request)
        door.session.writeAcknowledgements()
        #expect(door.written().isEmpty)
        // The answer to the ping comes first.
        #expect(door.hear("<a xmlns='urn:xmpp:sm:3' h='2'/>") == ["delivered 1"])
        #expect(door.hear("<a xmlns='urn:xmpp:sm:3' h='3'/>") == ["delivered 1"])
    }

    @Test("A stanza before acknowledgements are on ends the stream with policy-violation")
    func beforeEnable() {
        for stanza in [DeviceDoor.upload(id: "u-1"), Self.ping, "<presence/>"] {
            var door = DeviceDoor()
            let events = door.hear(DeviceDoor.opening + stanza)
            #expect(
                events.last
                    == "failed policy-violation: turn stream management on before the first stanza")
            #expect(door.written().hasSuffix("</stream:error></stream:stream>"))
        }
    }

    @Test("A request before acknowledgements are on is left unanswered")
    func requestBeforeEnable() {
        var door = DeviceDoor()
        door.hear(DeviceDoor.opening)
        _ = door.written()
        #expect(door.hear(Self.request).isEmpty && door.written().isEmpty)
    }

    @Test("What is finished after the stream has ended is told to nobody")
    func afterTheEnd() {
        var door = DeviceDoor.enabled()
        door.hear(DeviceDoor.upload(id: "u-1") + "</stream:stream>")
        #expect(door.written() == "</stream:stream>")
        door.session.finish(1)
        door.session.refuse(UploadID("u-1"), .missingTo, 1)
        door.session.writeAcknowledgements()
        door.session.writeKeepalive()
        #expect(door.written().isEmpty)
        #expect(!door.session.hasAcknowledgement)
    }
}

extension Delivery {
    fileprivate static func sample(_ id: String) -> Delivery {
        let sender = SenderID("555000111222")!
        let registration = Registration(
            number: 1, device: DeviceID(4_711), category: Category("com.example.pigeon")!,
            token: RegistrationToken("t"), senders: [sender])
        let template = DownstreamTemplate(
            sender: SenderNumber(rawValue: 0), id: MessageID(id)!,
            content: Array(#"{"data":{"k":"v"}}"#.utf8), timeToLive: 60, expiry: .never)
        return .message(
            DownstreamMessage(sequence: 1, registration: registration, template: template),
            from: sender)
    }
}
