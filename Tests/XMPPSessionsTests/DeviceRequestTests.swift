import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Device stream: requests of apps")
struct DeviceRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let request: AppRequest
        let payload: String
        var testDescription: String { payload }
    }

    private static let namespace = "xmlns=\"urn:gcm-simulator:device\""

    static func cases() throws -> [Case] {
        let topic = try TopicName("news-1_~.%").orThrow()
        return [
            Case(request: .unregister, payload: "<unregister \(namespace) app=\"a\"/>"),
            Case(request: .refreshToken, payload: "<refresh-token \(namespace) app=\"a\"/>"),
            Case(
                request: .subscribe(topic),
                payload: "<subscribe \(namespace) app=\"a\" topic=\"news-1_~.%\"/>"),
            Case(
                request: .unsubscribe(topic),
                payload: "<unsubscribe \(namespace) app=\"a\" topic=\"news-1_~.%\"/>"),
            Case(
                request: .joinGroup(
                    try GroupName("fam").orThrow(), of: try SenderID("5").orThrow()),
                payload: "<join-group \(namespace) app=\"a\" sender=\"5\" group=\"fam\"/>"),
            Case(
                request: .leaveGroup(
                    try GroupName("fam").orThrow(), of: try SenderID("5").orThrow()),
                payload: "<leave-group \(namespace) app=\"a\" sender=\"5\" group=\"fam\"/>"),
        ]
    }

    private static func element(_ text: String) throws -> Element {
        var parser = StreamParser()
        Array((Sample.header() + text).utf8).withUnsafeBytes { parser.append($0) }
        while let event = try parser.next() {
            if case .stanza(let element) = event { return element }
        }
        throw MissingElement()
    }

    private struct MissingElement: Error {}

    private static func ready() -> Device {
        var road = Road(Device(identity: DeviceDoor.identity), DeviceDoor())
        road.settle()
        return road.client
    }

    @Test("A join is answered with the group's key, and a device refuses what it cannot deliver")
    func joinedAndGone() throws {
        var road = Road(Device(identity: DeviceDoor.identity), DeviceDoor())
        road.settle()
        let app = try Category("a").orThrow()
        let family = try GroupName("fam").orThrow()
        road.client.session.request(
            .joinGroup(family, of: try SenderID("5").orThrow()), of: app, number: 7)
        road.settle()
        road.relay.session.answer(
            .joined(key: RegistrationToken("APA91b-key")), request: "device-1")
        let answer = road.relay.written()
        #expect(answer.contains("<join-group \(Self.namespace) key=\"APA91b-key\"/>"))
        #expect(road.client.hear(answer) == ["answered 7 joined(key: APA91b-key)"])
        road.client.session.refuseDelivery(app, MessageID("d-1"))
        #expect(road.relay.hear(road.client.written()) == ["a is gone"])
    }

    @Test("Requests are written as their table says, and read back")
    func shapes() throws {
        let app = try Category("a").orThrow()
        for item in try Self.cases() {
            var device = Self.ready()
            device.session.request(item.request, of: app, number: 7)
            let text = device.written()
            #expect(text == "<iq type=\"set\" id=\"device-1\">\(item.payload)</iq>")
            let iq = try IQ(Self.element(text)).orThrow()
            #expect(DeviceElements.isRequest(iq.payload))
            let (category, request) = try DeviceElements.request(iq.payload).orThrow()
            #expect(category == app && request == item.request)
            #expect(!DeviceElements.isRegistration(iq.payload))
        }
    }

    @Test("A device that sends request after request without an answer is sent away")
    func tooMany() {
        var door = DeviceDoor.enabled()
        for number in 1...164 {
            let request = "<unregister \(Self.namespace) app='a'/>"
            #expect(
                door.hear("<iq type='set' id='r\(number)'>\(request)</iq>")
                    == ["unregister of a request r\(number)"])
        }
        let events = door.hear(
            "<iq type='set' id='r165'><unregister \(Self.namespace) app='a'/></iq>")
        #expect(
            events == ["failed policy-violation: more than 164 requests without an answer"])
        #expect(door.session.isEnded)
    }

    @Test(
        "An ill-formed request is a request, and has no meaning",
        arguments: [
            "<unregister \(namespace)/>", "<refresh-token \(namespace) app=''/>",
            "<subscribe \(namespace) app='a'/>", "<subscribe \(namespace) app='a' topic='a b'/>",
            "<unsubscribe \(namespace) app='a' topic='/topics/a'/>",
        ])
    func illFormed(payload: String) throws {
        let element = try Self.element(payload)
        #expect(DeviceElements.isRequest(element))
        #expect(DeviceElements.request(element) == nil)
    }

    @Test("Answers carry the number of their request, whatever their order")
    func answers() throws {
        var device = Self.ready()
        let app = try Category("a").orThrow()
        for (number, item) in try Self.cases().enumerated() {
            device.session.request(item.request, of: app, number: Int64(number))
        }
        _ = device.written()
        var refreshed = XMLWriter()
        refreshed.element(
            IQ(
                .result, id: "device-2",
                payload: DeviceElements.refreshResult(
                    AppRegistration(
                        category: app, token: RegistrationToken("NEW"),
                        senders: [try SenderID("5").orThrow()]))
            ).element)
        let refusal = IQ(
            .error, id: "device-4", error: DeviceElements.error(.invalidParameters, text: nil))
        refreshed.element(refusal.element)
        let lines = device.hear(
            "<iq type='result' id='device-3'/>" + String(decoding: refreshed.bytes, as: UTF8.self)
                + "<iq type='result' id='device-1'/><iq type='result' id='device-1'/>")
        #expect(lines.count == 4)
        #expect(lines.first == "answered 2 done")
        #expect(lines.dropFirst().first?.hasPrefix("answered 1 refreshed(") == true)
        #expect(lines.dropFirst(2).first?.hasPrefix("answered 3 refused(") == true)
        #expect(lines.dropFirst(2).first?.contains("invalidParameters") == true)
        #expect(lines.last == "answered 0 done")
        #expect(device.hear("<a xmlns='urn:xmpp:sm:3' h='4'/>") == ["taken 0"])
    }

    @Test("A refresh without a token breaks the protocol")
    func noToken() throws {
        var device = Self.ready()
        device.session.request(.refreshToken, of: try Category("a").orThrow(), number: 1)
        _ = device.written()
        #expect(
            device.hear("<iq type='result' id='device-1'/>") == [
                "failed undefined-condition: the relay's answer to a request names no token"
            ])
    }
}
