import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Device stream: uploads")
struct DeviceUploadTests {
    @Test("An upload is read with everything it says")
    func everything() throws {
        var door = DeviceDoor.enabled()
        let json =
            #"{"from":"dK3:APA","category":"com.example.pigeon","app":"com.example.pigeon","#
            + #""message_id":"4<1","time_to_live":60,"data":{"a<":"\u00e9&","":""},"x":[{}]}"#
        let events = door.hear(
            DeviceDoor.upload(
                json.replacing("&", with: "&amp;").replacing("<", with: "&lt;"), id: "u-1"))
        #expect(events == ["upload u-1 ticket 1"])
        let upload = try #require(door.uploads.first)
        #expect(upload.to == "555000111222@gcm.googleapis.com")
        #expect(upload.category.text == "com.example.pigeon")
        #expect(upload.claimedToken?.text == "dK3:APA")
        #expect(upload.messageID.text == "4<1")
        #expect(upload.timeToLive == 60)
        #expect(upload.data.json == Array(#"{"a<":"\u00e9&","":""}"#.utf8))
        #expect(upload.payloadSize == 2 + 3)
    }

    @Test("An upload may leave out data and time to live")
    func leastOfAll() throws {
        var door = DeviceDoor.enabled()
        door.hear(DeviceDoor.upload(#"{"app":"a","message_id":"1"}"#))
        let upload = try #require(door.uploads.first)
        #expect(upload.timeToLive == nil && upload.claimedToken == nil)
        #expect(upload.data == .empty && upload.payloadSize == 0)
    }

    struct Unusable: Sendable, CustomTestStringConvertible {
        let stanza: String
        /// "upload ID, error" in the event.
        let line: String
        let reason: String

        var testDescription: String { reason }
    }

    private static func json(_ members: String, _ reason: String) -> Unusable {
        Unusable(
            stanza: DeviceDoor.upload("{\(members)}"), line: "u-1 invalidParameters", reason: reason
        )
    }

    static let unusable: [Unusable] = [
        Unusable(
            stanza: DeviceDoor.upload("{}", id: ""), line: "- invalidParameters",
            reason: "an upload needs an id of 1 to 64 printable ASCII characters"),
        Unusable(
            stanza: DeviceDoor.upload("{}", id: String(repeating: "u", count: 65)),
            line: "- invalidParameters",
            reason: "an upload needs an id of 1 to 64 printable ASCII characters"),
        Unusable(
            stanza: "<message to='x'/>", line: "- invalidParameters",
            reason: "an upload needs an id of 1 to 64 printable ASCII characters"),
        Unusable(
            stanza: DeviceDoor.upload("{}", to: ""), line: "u-1 missingTo",
            reason: "an upload needs the address of a sender"),
        Unusable(
            stanza: "<message id='u-1'/>", line: "u-1 missingTo",
            reason: "an upload needs the address of a sender"),
        Unusable(
            stanza: "<message id='u-1' to='x'><gcm/></message>", line: "u-1 invalidParameters",
            reason: "an upload needs <gcm xmlns=\"google:mobile:data\">"),
        Unusable(
            stanza: DeviceDoor.upload("[]"), line: "u-1 invalidParameters",
            reason: "a JSON object was expected at byte 0 of the upload's JSON"),
        json(#""message_id":"1""#, "an upload must name its app"),
        json(#""app":"","message_id":"1""#, "an upload must name its app"),
        json(#""app":5,"message_id":"1""#, "a string was expected at byte 7 of the upload's JSON"),
        json(#""app":"a""#, "message_id must be a string of 1 to 256 bytes that XML can carry"),
        json(
            #""app":"a","message_id":"\u0001""#,
            "message_id must be a string of 1 to 256 bytes that XML can carry"),
        json(
            #""app":"a","message_id":"\#(String(repeating: "m", count: 257))""#,
            "message_id must be a string of 1 to 256 bytes that XML can carry"),
        json(
            #""app":"a","message_id":1"#, "a string was expected at byte 24 of the upload's JSON"),
        json(
            #""app":"a","message_id":"\udc00""#,
            "a string was expected at byte 24 of the upload's JSON"),
        json(
            #""app":"a","message_id":"1","category":"b\u0007""#,
            "the upload claims category \"b\u{FFFD}\" and comes from \"a\""),
        json(
            #""app":"a","message_id":"1","time_to_live":"60""#,
            "a whole number was expected at byte 43 of the upload's JSON"),
        json(
            #""app":"a","message_id":"1","time_to_live":1.5"#,
            "a whole number was expected at byte 43 of the upload's JSON"),
        json(
            #""app":"a","message_id":"1","time_to_live":99999999999999999999"#,
            "a whole number was expected at byte 43 of the upload's JSON"),
        json(
            #""app":"a","message_id":"1","data":null"#,
            "data must be a JSON object at byte 35 of the upload's JSON"),
        json(
            #""app":"a","message_id":"1","data":{"n":7}"#,
            "values in data must be strings at byte 40 of the upload's JSON"),
        json(
            #""app":"a","message_id":"1","data":{"gcm.x":"7"}"#,
            "a reserved key in data at byte 36 of the upload's JSON"),
        json(
            #""app":"a","message_id":"1","data":{"\u0066rom":"7"}"#,
            "a reserved key in data at byte 36 of the upload's JSON"),
    ]

    @Test("An upload that cannot become a message says what is wrong", arguments: unusable)
    func unusableUpload(unusable: Unusable) {
        var door = DeviceDoor.enabled()
        #expect(
            door.hear(unusable.stanza) == ["unusable \(unusable.line) ticket 1: \(unusable.reason)"]
        )
        #expect(door.written().isEmpty && !door.session.hasAcknowledgement)
    }

    @Test("A refusal is written with the GCM code, before the acknowledgement that covers it")
    func refusal() throws {
        for error in UpstreamError.allCases {
            var door = DeviceDoor.enabled()
            door.hear(DeviceDoor.upload(id: "u-1"))
            door.session.refuse(UploadID("u-1"), error, 1)
            door.session.writeAcknowledgements()
            #expect(
                door.written()
                    == "<message type=\"error\" id=\"u-1\"><error type=\"modify\">"
                    + "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
                    + "<error xmlns=\"urn:gcm-simulator:device\" code=\"\(error.androidName)\"/>"
                    + "</error></message><a xmlns=\"urn:xmpp:sm:3\" h=\"1\"/>")
        }
        var door = DeviceDoor.enabled()
        door.hear("<message/>")
        door.session.refuse(nil, .missingTo, 1)
        #expect(door.written().hasPrefix("<message type=\"error\"><error"))
    }

    @Test("An error is never answered with an error (RFC 6120 §8.3.1); it only counts")
    func errorStanza() {
        var door = DeviceDoor.enabled()
        #expect(door.hear("<message type='error' id='u-1'><error/></message>").isEmpty)
        #expect(
            door.answer(to: "<r xmlns='urn:xmpp:sm:3'/>") == "<a xmlns=\"urn:xmpp:sm:3\" h=\"1\"/>")
    }
}
