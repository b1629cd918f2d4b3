import CloudMessaging
import Journal
import Testing

@Suite("Events as lines")
struct EventLineTests {
    private func line(_ event: JournalEvent) -> String {
        var bytes: [UInt8] = []
        event.appendLine(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func line(readAndWritten text: String) throws -> String {
        line(try JournalEvent(line: Array(text.utf8)))
    }

    @Test("An event with all its members is one compact line in their order")
    func everyMember() throws {
        var journal = Journal()
        journal.record(
            JournalEvent(
                .upstreamStanza, at: Example.instant, by: .relay,
                about: .upstream(Example.upstream()), sender: Example.sender, connection: 2,
                attempt: 3, state: .inFlight, cause: 41, delay: .milliseconds(10_250),
                detail: .init(error: "E", deed: "drop", reason: "no ACK", count: 4, fault: 5)))
        let event = try #require(journal.event(1))
        #expect(
            line(event) == """
                {"n":1,"ts":"2026-01-02T03:04:05.678000009Z","actor":"relay",\
                "event":"upstream.stanza","state":"in-flight","connection":2,"attempt":3,\
                "cause":41,"message":12,"message_id":"m-17","from":"tok:1","sender_id":"4711",\
                "category":"com.example.courier","direction":"upstream","error":"E",\
                "deed":"drop","reason":"no ACK","delay":"10.25s","count":4,"fault":5,\
                "data":{"parcel":"17"}}\n
                """)
    }

    @Test("What an event has not is not there")
    func fewestMembers() {
        #expect(
            line(.example(.storeRecovered)) == """
                {"n":0,"ts":"1970-01-01T00:00:00.000000000Z","actor":"relay",\
                "event":"store.recovered"}\n
                """)
    }

    @Test("A payload keeps its bytes but for the white space between its tokens")
    func payload() {
        let data = "{ \"a b\" : \"1\\\" \\\\\" ,\n\t\"é\":\"e\u{301}\",\"\\u0000\":\" \" }"
        let event = JournalEvent(
            .upload, at: Example.instant, by: .device(DeviceID(7)),
            about: .upstream(Example.upstream(data: data)))
        #expect(
            line(event).hasSuffix(
                "\"data\":{\"a b\":\"1\\\" \\\\\",\"é\":\"e\u{301}\",\"\\u0000\":\" \"}}\n"))
        #expect(line(event).utf8.count { $0 == UInt8(ascii: "\n") } == 1)
    }

    @Test("Text of peers cannot begin a line of its own")
    func escapes() throws {
        let event = JournalEvent(
            .stanzaRefused, at: Example.instant, by: .appServer,
            detail: .init(reason: "a \"quote\"\nand \u{1}"))
        #expect(line(event).contains(#""reason":"a \"quote\"\nand \u0001""#))
        #expect(try line(readAndWritten: line(event)) == line(event))
    }

    @Test("The app's payload is found in what a device gets")
    func downstream() {
        func data(_ content: String) -> String? {
            JournalEvent(
                .delivery, at: Example.instant, by: .relay,
                about: .downstream(Example.downstream(content: content))
            ).data.map { String(decoding: $0.json, as: UTF8.self) }
        }
        #expect(data(#"{"message_id":"d-1","data":{"k":"v"},"from":"4711"}"#) == #"{"k":"v"}"#)
        #expect(data(#"{"message_id":"d-1"}"#) == nil)
        #expect(data(#"{"data":"v"}"#) == nil)
    }

    @Test(
        "What is read is written again with the same bytes", arguments: JournalEvent.Kind.allCases)
    func roundTrip(kind: JournalEvent.Kind) throws {
        let subjects: [JournalEvent.Subject] = [
            .nothing, .upstream(Example.upstream()),
            .downstream(Example.downstream(content: #"{"data":{"k":1}}"#)),
            .named(.init(upload: UploadID("u-1"))),
        ]
        for subject in subjects {
            var journal = Journal()
            let number = journal.record(
                JournalEvent(
                    kind, at: Example.instant, by: .device(DeviceID(9)), about: subject,
                    state: .settled, delay: .nanoseconds(12_345_678_901), detail: .init(count: 3)))
            let written = line(try #require(journal.event(number)))
            #expect(try line(readAndWritten: written) == written)
        }
    }

    @Test("A file of lines is read; blank ones do not count")
    func file() throws {
        let first = line(.example(.fault))
        let text = first + "\n" + first.dropLast() + "\r\n"
        #expect(
            try JournalEvent.events(inLines: Array(text.utf8)).map { line($0) } == [first, first])
    }

    @Test(
        "A line that is no event says why",
        arguments: [
            ("", "a JSON object was expected"),
            (#"{"n":1,"#, "a member name in quotes was expected"),
            (#"{"mesage_id":"m"}"#, #"unknown member "mesage_id"; did you mean "message_id"?"#),
            (#"{"n":"1"}"#, "n must be a whole number"),
            (#"{"n":1.5}"#, "n must be a whole number"),
            (#"{"attempt":-1}"#, "attempt must be a whole number"),
            (#"{"data":{},"data":{}}"#, "data is there twice"),
            (#"{"event":1}"#, "event must be a string"),
            (#"{"data":"x"}"#, "data must be an object"),
            (#"{"n":1,"n":2}"#, "n is there twice"),
            (#"{"n":1}"#, "ts is missing"),
            (
                #"{"n":1,"event":"upstream.stanzas"}"#,
                #"event "upstream.stanzas" is unknown; did you mean "upstream.stanza"?"#
            ),
            (
                #"{"event":"fault","ts":"2026-01-02T03:04:05Z","actor":"relay"}"#,
                #"ts "2026-01-02T03:04:05Z" cannot be read"#
            ),
        ])
    func faults(text: String, problem: String) {
        #expect {
            try JournalEvent(line: Array(text.utf8))
        } throws: { error in
            #expect("\(error)" == problem)
            return true
        }
    }

    @Test(
        "A fault in a file is found by its line and column",
        arguments: [
            ("x", "3:1: a JSON object was expected"),
            (
                #"{"actor":"é","evnt":"fault"}"#,
                "3:14: unknown member \"evnt\"; did you mean \"event\"?"
            ),
        ])
    func faultyLine(bad: String, problem: String) {
        let text = line(.example(.fault)) + "\n\(bad)\n"
        #expect {
            try JournalEvent.events(inLines: Array(text.utf8))
        } throws: { error in
            "\(error)" == problem
        }
    }
}
