import CloudMessaging
import Faults
import Testing

@Suite("Fault rules as JSON")
struct FaultRuleTests {
    @Test(
        "What is read is written again",
        arguments: [
            #"{"on":"upstream.ack","match":"sender_id=4711 and data.parcel~\"^1\"","do":"drop","times":2}"#,
            #"{"on":"login","do":"refuse"}"#,
            #"{"on":"receipt","do":"delay","delay":"1.5s","probability":0.25}"#,
            #"{"on":"downstream.stanza","match":"from='tok:1'","do":"nack","code":"DEVICE_UNREGISTERED"}"#,
        ])
    func roundTrip(json: String) throws {
        #expect(String(decoding: try FaultRule(json: Array(json.utf8)).json, as: UTF8.self) == json)
    }

    @Test("The members may stand in any order and with blanks")
    func order() throws {
        let json = #" { "times" : 2 , "do" : "drop" , "on" : "upstream.ack" } "#
        #expect(
            try FaultRule(json: Array(json.utf8))
                == FaultRule(on: .upstreamAck, do: .drop, .times(2)))
    }

    @Test(
        "A rule that is none says why and what to do",
        arguments: [
            ("", "the JSON is broken: a JSON object was expected at byte 0"),
            (
                #"{"on":"login","do":"refuse"} x"#,
                "the JSON is broken: text after the end of the JSON object at byte 29"
            ),
            (#"{"tims":1}"#, #"unknown member "tims"; did you mean "times"?"#),
            (#"{"on":"login","on":"login"}"#, "on is given twice"),
            (
                "{}",
                "on is missing; it is one of upstream.stanza, upstream.ack, downstream.stanza, downstream.answer, receipt, connection, login"
            ),
            (
                #"{"on":"login"}"#,
                "do is missing; it is one of drop, delay, duplicate, reorder, corrupt, nack, reset, fin, silent, drain, refuse"
            ),
            (
                #"{"on":"upstream.acks","do":"drop"}"#,
                #"on "upstream.acks" is unknown; did you mean "upstream.ack"?"#
            ),
            (#"{"on":"upstream.ack","do":"dorp"}"#, #"do "dorp" is unknown; did you mean "drop"?"#),
            (#"{"on":1,"do":"drop"}"#, "on must be a string, not 1"),
            (#"{"on":"upstream.ack","do":["drop"]}"#, "do must be a string, not an array"),
            (#"{"on":"upstream.ack","do":null}"#, "do must be a string, not null"),
            (
                #"{"on":"upstream.ack","do":"drop","match":{}}"#,
                "match must be a string, not an object"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","match":"mesage_id=1"}"#,
                #"match, column 1: unknown field "mesage_id"; did you mean "message_id"?"#
            ),
            (
                #"{"on":"upstream.ack","do":"drop","times":1,"probability":1}"#,
                "times and probability are both given; choose one"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","times":"2"}"#,
                #"times must be a whole number, not "2""#
            ),
            (
                #"{"on":"upstream.ack","do":"drop","times":2.5}"#,
                "times must be a whole number, not 2.5"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","times":0}"#,
                "times must be at least 1, not 0; a fault can be switched off"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","times":-1}"#,
                "times must be at least 1, not -1; a fault can be switched off"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","probability":true}"#,
                "probability must be a number from 0 to 1, not true"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","probability":1.1}"#,
                "probability must be from 0 to 1, not 1.1"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","probability":-0.1}"#,
                "probability must be from 0 to 1, not -0.1"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","probability":1e999}"#,
                "probability must be from 0 to 1, not inf"
            ),
            (#"{"on":"upstream.ack","do":"delay"}"#, #"delay is missing; add "delay":"2s""#),
            (
                #"{"on":"upstream.ack","do":"delay","delay":"2"}"#,
                #"delay must be a number with a unit: 250ms, 30s, 5m or 24h, not "2""#
            ),
            (
                #"{"on":"upstream.ack","do":"delay","delay":2}"#,
                "delay must be a number with a unit: 250ms, 30s, 5m or 24h, not 2"
            ),
            (
                #"{"on":"upstream.ack","do":"delay","delay":"0s"}"#,
                "delay must be longer than nothing"
            ),
            (
                #"{"on":"upstream.ack","do":"drop","delay":"2s"}"#,
                #"delay belongs to "do":"delay", not to drop"#
            ),
            (
                #"{"on":"upstream.ack","do":"nack"}"#,
                #"code is missing; add "code":"SERVICE_UNAVAILABLE""#
            ),
            (
                #"{"on":"upstream.ack","do":"drop","code":"BAD_ACK"}"#,
                #"code belongs to "do":"nack", not to drop"#
            ),
            (
                #"{"on":"upstream.ack","do":"nack","code":"bad ack"}"#,
                #"code "bad ack" is none; write A to Z, digits and _, at most 64: SERVICE_UNAVAILABLE"#
            ),
        ])
    func faults(json: String, problem: String) {
        #expect {
            try FaultRule(json: Array(json.utf8))
        } throws: { error in
            #expect("\(error)" == problem)
            return true
        }
    }

    @Test("Bytes that are no UTF-8 are refused")
    func notUTF8() {
        let json =
            Array(#"{"on":"upstream.ack","do":"drop","match":"from=""#.utf8) + [0xFF, 0x22, 0x7D]
        let error = #expect(throws: FaultRuleError.self) { try FaultRule(json: json) }
        #expect(error?.description == "the text is no UTF-8")
    }
}
