import CloudMessaging
import Journal
import Testing

@Suite("What the ring keeps of messages")
struct KeptSubjectTests {
    private func recorded(_ subject: JournalEvent.Subject) throws -> JournalEvent {
        var journal = Journal(limit: 2)
        let number = journal.record(
            JournalEvent(.upload, at: Example.instant, by: .relay, about: subject))
        return try #require(journal.event(number))
    }

    @Test("An upstream message comes back as it was", arguments: ["", "{}", #"{"a":"ü"}"#])
    func upstream(data: String) throws {
        for kind in [UpstreamMessage.Kind.message, .receipt] {
            let message = Example.upstream(id: "m-é", data: data, kind: kind)
            guard case .upstream(let kept) = try recorded(.upstream(message)).subject else {
                Issue.record("no upstream message")
                return
            }
            #expect(kept == message)
            #expect(kept.key == message.key)
            #expect(kept.data.json == message.data.json)
            #expect(kept.kind == kind)
        }
    }

    @Test("Names come back as they were, those that are missing too")
    func names() throws {
        let full = JournalEvent.Names(
            messageID: MessageID("m-1"), from: RegistrationToken("tok:1"),
            category: Category("com.example"), data: DataPayload(json: Array(#"{"a":"b"}"#.utf8)),
            message: 7, upload: UploadID("u-1"), direction: .downstream)
        let content = JournalEvent.Names(
            messageID: nil, content: Array(#"{"data":{"k":"v"}}"#.utf8), direction: .upstream)
        for names in [full, content, JournalEvent.Names(), JournalEvent.Names(message: 0)] {
            let kept = try recorded(.named(names))
            #expect(kept.messageID == names.messageID)
            #expect(kept.from == names.from)
            #expect(kept.category == names.category)
            #expect(kept.data == names.data)
            #expect(kept.message == names.message)
            #expect(kept.upload == names.upload)
            #expect(kept.subject.road == names.direction)
        }
    }

    @Test("A text longer than a block comes back whole")
    func longText() throws {
        let token = RegistrationToken(String(repeating: "t", count: 200_000))
        #expect(try recorded(.named(JournalEvent.Names(from: token))).from == token)
    }

    @Test(
        "A store that lost power gives a number again: each event has its own message",
        arguments: [JournalEvent.Kind.processStarted, .storePowerCut])
    func numberGivenAgain(loss: JournalEvent.Kind) {
        var journal = Journal(limit: 9)
        for data in [#"{"n":"1"}"#, #"{"n":"2"}"#, #"{"n":"1"}"#] {
            journal.record(.example(loss))
            journal.record(
                JournalEvent(
                    .upload, at: Example.instant, by: .relay,
                    about: .upstream(Example.upstream(data: data))))
        }
        let kept = journal.events().events.compactMap { $0.data?.text(of: "n") }
        #expect(kept == ["1", "2", "1"])
    }

    @Test("The ring goes round many times, with old messages among new ones: all stays whole")
    func longRun() {
        var journal = Journal(limit: 500)
        let old = Example.upstream(id: "old", data: #"{"old":"yes"}"#)
        for index in 0..<20_000 {
            let subject: JournalEvent.Subject =
                switch index % 7 {
                case 0: .upstream(old)
                case 1: .nothing
                default: .named(.init(messageID: MessageID("m-\(index)"), data: .long(index)))
                }
            journal.record(JournalEvent(.upload, at: Example.instant, by: .relay, about: subject))
        }
        for event in journal.events().events {
            let index = Int(event.number) - 1
            switch index % 7 {
            case 0: #expect(event.messageID?.text == "old")
            case 1: #expect(event.messageID == nil)
            default:
                #expect(event.messageID?.text == "m-\(index)")
                #expect(event.data == .long(index))
            }
        }
    }

    @Test("Names and payloads take no more than those of the events that are there")
    func boundedBytes() {
        var journal = Journal(limit: 1_000)
        var most = 0
        for index in 0..<200_000 {
            journal.record(
                JournalEvent(
                    .upload, at: Example.instant, by: .relay,
                    about: .named(.init(messageID: MessageID("m-\(index)"), data: .long(0)))))
            most = max(most, journal.textBytes)
        }
        // A thousand pieces of some 560 bytes, and 64 blocks of 64 KiB that new events may refer to.
        #expect(most < 6_000_000)
        journal.clear()
        #expect(journal.textBytes == 0)
    }

    @Test("A copied journal goes its own way")
    func copies() {
        var first = Journal(limit: 10)
        first.record(.named("a"))
        var second = first
        first.record(.named("b"))
        second.record(.named("c"))
        #expect(first.events().events.map { $0.messageID?.text } == ["a", "b"])
        #expect(second.events().events.map { $0.messageID?.text } == ["a", "c"])
    }

    @Test("After a clear the same message is told of again")
    func messageAfterClear() {
        var journal = Journal(limit: 10)
        let event = JournalEvent(
            .upload, at: Example.instant, by: .relay, about: .upstream(Example.upstream()))
        journal.record(event)
        journal.clear()
        journal.record(event)
        #expect(journal.events().events.map { $0.messageID?.text } == ["m-17"])
    }
}

extension JournalEvent {
    fileprivate static func named(_ id: String) -> JournalEvent {
        JournalEvent(
            .upload, at: Example.instant, by: .relay, about: .named(.init(messageID: MessageID(id)))
        )
    }
}

extension DataPayload {
    /// Half a kibibyte.
    fileprivate static func long(_ index: Int) -> DataPayload {
        DataPayload([("n", "\(index)"), ("text", String(repeating: "x", count: 512))])
    }
}

extension JournalEvent.Subject {
    fileprivate var road: Direction? {
        if case .named(let names) = self { names.direction } else { nil }
    }
}
