import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Malformed downstream requests")
struct MalformedRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        /// The request's members besides `to`, `message_id` and `data`, or instead of them.
        let json: String
        /// What the description says.
        let says: String

        var testDescription: String { String(json.prefix(60)) }
    }

    // MARK: Types

    private static let values = [
        "string": #""text""#, "number": "17", "boolean": "true", "object": #"{"a":"b"}"#,
        "array": #"["a"]"#,
    ]

    /// Every member with a value of every type that is not its own.
    private static let types: [Case] = [
        ("to", "string", "java.lang.String"), ("condition", "string", "java.lang.String"),
        ("priority", "string", "java.lang.String"),
        ("collapse_key", "string", "java.lang.String"),
        ("time_to_live", "number", "java.lang.Number"),
        ("delivery_receipt_requested", "boolean", "java.lang.Boolean"),
        ("dry_run", "boolean", "java.lang.Boolean"),
        ("content_available", "boolean", "java.lang.Boolean"),
        ("mutable_content", "boolean", "java.lang.Boolean"),
        ("delay_while_idle", "boolean", "java.lang.Boolean"),
        ("data", "object", "org.json.simple.JSONObject"),
        ("notification", "object", "org.json.simple.JSONObject"),
    ].flatMap { (member: String, own: String, javaClass: String) in
        values.sorted { $0.key < $1.key }.filter { $0.key != own }.map { _, value in
            let text = value.hasPrefix("\"") ? String(value.dropFirst().dropLast()) : value
            let to = member == "to" ? "" : #""to":"t","#
            return Case(
                json: #"{\#(to)"message_id":"d-1","\#(member)":\#(value)}"#,
                says: "JSON_TYPE_ERROR : Field \"\(member)\" must be a JSON \(javaClass): \(text)")
        }
    }

    // MARK: Ranges

    private static let timesToLive: [Case] = [
        "-1", "2419201", "1e12", "0.5", "600.25", "-0.1", "1e-3", "123456789012345678901234567890",
        "1e999", "-1e999",
    ].map {
        Case(
            json: #"{"to":"t","message_id":"d-1","time_to_live":\#($0)}"#,
            says: "INVALID_TTL : Invalid value (\($0)) for \"time_to_live\": must be between 0 and "
                + "2419200")
    }

    private static let quotedTimesToLive: [Case] = ["600", "0", "", "abc", "ä"].map {
        Case(
            json: #"{"to":"t","message_id":"d-1","time_to_live":"\#($0)"}"#,
            says: "JSON_TYPE_ERROR : Field \"time_to_live\" must be a JSON java.lang.Number: \($0)")
    }

    private static let priorities: [Case] = ["", "HIGH", "High", "5", "urgent", "hıgh", "normal "]
        .map {
            Case(
                json: #"{"to":"t","message_id":"d-1","priority":"\#($0)"}"#,
                says: "priority must be \"normal\" or \"high\"")
        }

    // MARK: Addressees

    private static let addressees: [Case] =
        [
            #"{"message_id":"d-1"}"#, #"{"message_id":"d-1","to":null}"#,
            #"{"message_id":"d-1","data":{}}"#,
        ].map { Case(json: $0, says: "Missing Required Field: to") }
        + [
            Case(
                json: #"{"message_id":"d-1","to":"t","condition":"'a' in topics"}"#,
                says: "to and condition exclude each other"),
            Case(
                json: #"{"message_id":"d-1","to":"t","registration_ids":["a","b"]}"#,
                says: "registration_ids is for HTTP"),
        ]

    private static let topics: [Case] = [
        "/topics/", "/topics/a b", "/topics/ä", "/topics/a/b", "/topics/a+b", "/topics/a'b",
        "/topics/😀", "/topics/\(String(repeating: "a", count: 901))",
    ].map {
        Case(json: #"{"message_id":"d-1","to":"\#($0)"}"#, says: "is no topic; a name has")
    }

    private static let conditions: [Case] = [
        ("", "a topic in single quotes was expected at byte 0"),
        ("   ", "a topic in single quotes was expected at byte 3"),
        ("news", "a topic in single quotes was expected at byte 0"),
        ("'news'", "\"in topics\" was expected at byte 6"),
        ("'news' in", "\"in topics\" was expected at byte 9"),
        ("'news' topics", "\"in topics\" was expected at byte 7"),
        ("'news' in topic", "\"in topics\" was expected at byte 10"),
        ("'news in topics", "the quote is not closed at byte 0"),
        ("'' in topics", "no topic's name, which has [a-zA-Z0-9-_.~%], at byte 1"),
        ("'a b' in topics", "no topic's name, which has [a-zA-Z0-9-_.~%], at byte 1"),
        ("'a' in topics &&", "a topic in single quotes was expected at byte 16"),
        ("'a' in topics & 'b' in topics", "&& or || was expected at byte 14"),
        ("'a' in topics | 'b' in topics", "&& or || was expected at byte 14"),
        ("'a' in topics 'b' in topics", "&& or || was expected at byte 14"),
        ("'a' in topics and 'b' in topics", "&& or || was expected at byte 14"),
        ("&& 'a' in topics", "a topic in single quotes was expected at byte 0"),
        ("('a' in topics", ") was expected at byte 14"),
        ("('a' in topics))", "&& or || was expected at byte 15"),
        ("()", "a topic in single quotes was expected at byte 1"),
        ("!", "a topic in single quotes was expected at byte 1"),
        (
            "'a' in topics && 'b' in topics && 'c' in topics && 'd' in topics && 'e' in topics"
                + " && 'f' in topics", "more than 5 topics at byte 85"
        ),
        (
            String(repeating: "(", count: 17) + "'a' in topics" + String(repeating: ")", count: 17),
            "nesting deeper than 16 at byte 17"
        ),
        (String(repeating: "!", count: 40) + "'a' in topics", "nesting deeper than 16 at byte 17"),
    ].map {
        Case(
            json: #"{"message_id":"d-1","condition":"\#($0.0)"}"#, says: "condition: \($0.1)")
    }

    // MARK: Payload

    private static let reservedKeys: [Case] = [
        "from", "google", "google.x", "googlex", "gcm", "gcm.notification", "gcmx", "to",
        "condition", "message_id", "message_type", "priority", "collapse_key", "time_to_live",
        "content_available", "mutable_content", "delay_while_idle", "delivery_receipt_requested",
        "dry_run", "registration_ids", "data", "notification", #"fr\u006fm"#, #"\u0067cm"#,
    ].map {
        Case(
            json: #"{"to":"t","message_id":"d-1","data":{"k":"v","\#($0)":"x"}}"#,
            says: "is a reserved key in data")
    }

    private static let sizes: [Case] = [
        (#""to":"t","data":{"k":"\#(String(repeating: "x", count: 4_096))"}"#, 4_097, 4_096),
        (
            #""to":"t","data":{"k":"v"},"notification":{"title":"\#(String(repeating: "x", count: 4_090))"}"#,
            4_097, 4_096
        ),
        (#""to":"t","data":{"k":"\#(String(repeating: "ä", count: 2_048))"}"#, 4_097, 4_096),
        (#""to":"t","data":{"k":"\#(String(repeating: #"\u00e4"#, count: 2_048))"}"#, 4_097, 4_096),
        (
            #""to":"/topics/a","data":{"k":"\#(String(repeating: "x", count: 2_048))"}"#, 2_049,
            2_048
        ),
        (
            #""condition":"'a' in topics","data":{"k":"\#(String(repeating: "x", count: 2_048))"}"#,
            2_049, 2_048
        ),
    ].map { (members: String, size: Int, limit: Int) in
        Case(
            json: #"{"message_id":"d-1",\#(members)}"#,
            says: "the payload has \(size) bytes of keys and values, at most \(limit) are allowed")
    }

    /// What a device could not read in one stanza.
    private static let unwieldy: [Case] = [
        #""collapse_key":"\#(String(repeating: ">", count: 1_025))""#,
        #""data":{"k":\#(String(repeating: " ", count: 33_000))"v"}"#,
    ].map {
        Case(
            json: #"{"to":"t","message_id":"d-1",\#($0)}"#,
            says: "the request is too large to reach a device")
    }

    private static let identifiers: [Case] = [
        "", #"\u0000"#, #"a\u0001"#, #"\uFFFE"#, #"\uFFFF"#, String(repeating: "x", count: 257),
        String(repeating: "ä", count: 129), "dr2:" + String(repeating: "x", count: 253),
    ].map {
        Case(
            json: #"{"to":"t","message_id":"\#($0)"}"#,
            says: "message_id must have 1 to 256 bytes that XML can carry")
    }

    static let nacks =
        types + timesToLive + quotedTimesToLive + priorities + addressees + topics + conditions
        + reservedKeys + sizes + unwieldy + identifiers

    @Test("A request that breaks a rule gets one NACK that says which", arguments: nacks)
    func nack(request: Case) {
        var door = AppServerDoor.bound()
        let events = door.hear(Sample.frame(Sample.escaped(request.json)))
        #expect(events.count == 1)
        #expect(events.first?.hasPrefix("bad request") == true, "\(events)")
        let answer = door.written()
        #expect(answer.hasPrefix("<message><data:gcm"))
        #expect(answer.contains(#""message_type":"nack""#))
        #expect(answer.contains(#""error":"INVALID_JSON","#))
        let told = answer.replacing("\\\"", with: "\"").replacing("&amp;", with: "&")
        #expect(told.contains(request.says), "\(answer)")
        Self.goesOn(&door)
    }

    // MARK: Nothing to answer to

    private static let nameless: [Case] =
        [
            (#"{"to":"t","data":{"k":"v"}}"#, "Missing Required Field: message_id"),
            (#"{}"#, "Missing Required Field: message_id"),
            (#"{"to":"t","message_id":7}"#, "Field \"message_id\" must be a JSON java.lang.String"),
            (
                #"{"to":"t","message_id":null}"#,
                "Field \"message_id\" must be a JSON java.lang.String"
            ),
            (
                #"{"to":"t","message_id":["a"]}"#,
                "Field \"message_id\" must be a JSON java.lang.String"
            ),
            (
                #"{"to":"t","message_id":{}}"#,
                "Field \"message_id\" must be a JSON java.lang.String"
            ),
            (
                #"{"to":"t","message_id":true}"#,
                "Field \"message_id\" must be a JSON java.lang.String"
            ),
            (#"{"to":"t","message_id":"a","message_id":7}"#, "must be a JSON java.lang.String"),
            (#"{"to":"t","message_id":"\ud800"}"#, "must be a JSON java.lang.String"),
        ].map { Case(json: $0.0, says: $0.1) }

    private static let brokenJSON: [Case] =
        [
            "", " ", "[]", "\"text\"", "17", "null", "true", "{", "}", "{{}}", "{]", "nonsense",
            #"{"to"}"#, #"{"to":}"#, #"{"to":"t",}"#, #"{"to":"t" "message_id":"d-1"}"#,
            #"{"to":"t","message_id":"d-1"}}"#, #"{"to":"t","message_id":"d-1"} x"#,
            #"{"to":"t","message_id":"d-1"#, #"{"to":"t","message_id":"d-1""#,
            #"{'to':'t'}"#, #"{to:"t"}"#, #"{"to":"t","message_id":"\x"}"#,
            #"{"to":"t","message_id":"\u12"}"#, #"{"to":"t","message_id":"\u12g4"}"#,
            #"{"time_to_live":01,"message_id":"d-1"}"#, #"{"time_to_live":+1,"message_id":"d-1"}"#,
            #"{"time_to_live":.5,"message_id":"d-1"}"#, #"{"time_to_live":1.,"message_id":"d-1"}"#,
            #"{"time_to_live":1e,"message_id":"d-1"}"#, #"{"time_to_live":NaN,"message_id":"d-1"}"#,
            #"{"time_to_live":0x10,"message_id":"d-1"}"#, #"{"dry_run":True,"message_id":"d-1"}"#,
            #"{"dry_run":tru,"message_id":"d-1"}"#, #"{"data":[1,],"message_id":"d-1"}"#,
            #"{"data":{"k":"v",},"message_id":"d-1"}"#, "{\"to\":\"t\nt\",\"message_id\":\"d-1\"}",
            "\u{FEFF}{\"to\":\"t\",\"message_id\":\"d-1\"}",
            #"{"message_id":"d-1","data":"# + String(repeating: "[", count: 40)
                + String(repeating: "]", count: 40) + "}",
            #"{"message_id":"d-1","data":"# + String(repeating: #"{"a":"#, count: 40) + "1"
                + String(repeating: "}", count: 41),
        ].map { Case(json: $0, says: "at byte") }

    static let stanzaErrors = nameless + brokenJSON

    @Test(
        "A frame without an ID to answer to gets a stanza error with its JSON and the reason",
        arguments: stanzaErrors)
    func stanzaError(request: Case) {
        var door = AppServerDoor.bound()
        let events = door.hear(Sample.frame(Sample.escaped(request.json)))
        #expect(events.first?.hasPrefix("unattributable") == true, "\(events)")
        let answer = door.written()
        #expect(answer.contains(#"type="error""#))
        #expect(answer.contains(#"<error code="400" type="modify"><bad-request"#))
        #expect(answer.contains("InvalidJson: JSON_PARSING_ERROR : "))
        #expect(answer.contains(request.says), "\(answer)")
        Self.goesOn(&door)
    }

    @Test("There are more than 150 of them")
    func count() {
        #expect(Self.nacks.count + Self.stanzaErrors.count >= 150)
    }

    private static func goesOn(_ door: inout AppServerDoor) {
        #expect(
            door.hear(Sample.frame(#"{"to":"t","message_id":"next"}"#))
                == ["request to t id next type -"])
        #expect(door.written().isEmpty)
    }

    // MARK: What is fine

    @Test(
        "A message may wait four weeks unless it says less",
        arguments: [
            ("", 2_419_200), (#","time_to_live":null"#, 2_419_200), (#","time_to_live":0"#, 0),
            (#","time_to_live":2419200"#, 2_419_200), (#","time_to_live":60"#, 60),
        ])
    func timeToLive(member: String, seconds: Int) {
        let json = #"{"to":"t","message_id":"d-1""# + member + "}"
        guard
            case .request(let request, _) = AppServerFrame(Array(json.utf8), bound: .fiveTopics)
        else {
            Issue.record("no request")
            return
        }
        #expect(request.timeToLive == seconds)
    }

    @Test(
        "A good request is read, whatever else it holds",
        arguments: [
            #"{"to":"t","message_id":"d-1"}"#,
            #"{"to":"t","message_id":"d-1","time_to_live":0}"#,
            #"{"to":"t","message_id":"d-1","time_to_live":2419200,"priority":"high"}"#,
            #"{"to":"t","message_id":"d-1","time_to_live":6e2}"#,
            #"{"to":"t","message_id":"d-1","unknown":[1,2,{"a":null}]}"#,
            #"{"to":"t","message_id":"d-1","data":null,"collapse_key":null,"dry_run":null}"#,
            #"{"to":"t","to":"t","message_id":"x","message_id":"d-1"}"#,
            #"{"to":"t","message_id":"d-1","data":{"k":17,"l":true,"m":{"n":"o"}}}"#,
            #"{"to":"t","message_id":"d-1","delay_while_idle":true,"content_available":true}"#,
        ])
    func good(json: String) {
        var door = AppServerDoor.bound()
        #expect(door.hear(Sample.frame(json)) == ["request to t id d-1 type -"])
        #expect(door.written().isEmpty)
    }
}
