import CloudMessaging
import Journal
import Testing

/// Fields as a table.
struct Fields: Matchable {
    let values: [MatchField: FieldValue]

    func value(of field: MatchField) -> FieldValue? { values[field] }

    static let example = Fields(values: [
        .messageID: .text("m-1"), .senderID: .text("4711"), .from: .text("tok:1"),
        .category: .text("com.example.courier"), .direction: .text("upstream"),
        .state: .text("in-flight"), .attempt: .number(2), .connection: .number(3),
        .event: .text("upstream.stanza"), .data(.init("parcel")): .text("17"),
        .data(.init("my key")): .text("a \"b\" \\c"), .data(.init("é")): .text("é"),
        .data(.init("empty")): .text(""),
    ])
}

@Suite("The match language")
struct MatchTests {
    @Test(
        "An expression is true or false",
        arguments: [
            ("message_id=m-1", true), ("message_id=m-2", false),
            ("message_id!=m-2", true), ("message_id!=m-1", false),
            ("sender_id=4711 and from=tok:1 and category=com.example.courier", true),
            ("direction=upstream", true), ("state=in-flight", true), ("state=queued", false),
            ("event=upstream.stanza", true),
            ("attempt=2", true), ("attempt<3", true), ("attempt<2", false), ("attempt>1", true),
            ("attempt>2", false), ("attempt!=2", false), ("attempt=\"2\"", true),
            ("connection=#3", true), ("connection=3", true), ("connection~^3$", true),
            ("data.parcel=17", true), ("data.parcel=\"17\"", true), ("data.parcel='17'", true),
            ("data.parcel=017", false), ("data.parcel<17.5", true), ("data.parcel>-1", true),
            ("data.parcel~7", true), ("data.parcel~\"^7\"", false),
            ("data.parcel~\"^\\d+$\"", true),
            ("data.\"my key\"=\"a \\\"b\\\" \\\\c\"", true),
            ("data.'my key'='a \"b\" \\c'", true),
            // Absent: equal to nothing, and neither less nor greater.
            ("error=X", false), ("error!=X", true), ("not error=X", true), ("error~.", false),
            ("data.none<1", false), ("data.none>1", false), ("data.empty=\"\"", true),
            ("data.empty<1", false),
            // Binding.
            ("attempt=2 or attempt=3 and attempt=4", true),
            ("(attempt=2 or attempt=3) and attempt=4", false),
            ("not attempt=3 and attempt=2", true), ("not (attempt=2 or attempt=3)", false),
            ("not not attempt=2", true), ("  ( attempt = 2 )\tand\nmessage_id=m-1 ", true),
        ])
    func evaluation(text: String, isTrue: Bool) throws {
        let match = try Match(parsing: text)
        #expect(match.accepts(Fields.example) == isTrue)
        #expect(match.misses(Fields.example).isEmpty == isTrue)
        #expect(match.description == text)
    }

    @Test("Texts are compared by their bytes, composed and decomposed apart")
    func bytes() throws {
        for (text, isTrue) in [
            ("data.é=é", true), ("data.é=e\u{301}", false), ("data.e\u{301}=é", false),
            ("data.é~é", true), ("data.é~e\u{301}", false), ("data.é!=e\u{301}", true),
        ] {
            #expect(try Match(parsing: text).accepts(Fields.example) == isTrue, "\(text)")
        }
        #expect(try Match(parsing: "data.é=é") != Match(parsing: "data.e\u{301}=é"))
        #expect(MatchField.data(.init("é")) != .data(.init("e\u{301}")))
    }

    @Test("Events offer their fields")
    func events() throws {
        let event = JournalEvent(
            .upstreamStanza, at: Example.instant, by: .relay,
            about: .upstream(Example.upstream()), sender: Example.sender, connection: 2,
            attempt: 3, state: .inFlight, detail: .init(error: "E", deed: "drop", count: 7))
        let text = """
            message_id=m-17 and sender_id=4711 and from=tok:1 and category=com.example.courier and \
            direction=upstream and state=in-flight and attempt=3 and connection=2 and \
            event=upstream.stanza and error=E and actor=relay and deed=drop and \
            count=7 and data.parcel=17
            """
        #expect(try Match(parsing: text).misses(event) == [])
    }

    @Test("One expression can be asked from several threads")
    func threads() async throws {
        let match = try Match(parsing: "data.parcel~\"^(1|2)7$\"")
        let hits = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<200).count { _ in match.accepts(Fields.example) } }
            }
            return await group.reduce(0, +)
        }
        #expect(hits == 800)
    }

    @Test("An expression is bounded in length and depth")
    func bounds() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "attempt=1"
                + String(repeating: ")", count: depth)
        }
        _ = try Match(parsing: nested(Limits.matchDepth))
        #expect(throws: MatchError.self) { try Match(parsing: nested(Limits.matchDepth + 1)) }
        let nots = String(repeating: "not ", count: Limits.matchDepth)
        _ = try Match(parsing: nots + "attempt=1")
        #expect(throws: MatchError.self) { try Match(parsing: nots + "not attempt=1") }
        let start = "message_id="
        let value = String(repeating: "x", count: Limits.matchBytes - start.utf8.count)
        _ = try Match(parsing: start + value)
        #expect(throws: MatchError.self) { try Match(parsing: start + value + "x") }
    }

    @Test(
        "What is no expression says where, what was expected, and what was perhaps meant",
        arguments: [
            ("", "column 1: a field, \"not\" or \"(\" was expected, not the end"),
            ("mesage_id=1", "column 1: unknown field \"mesage_id\"; did you mean \"message_id\"?"),
            ("data.=1", "column 1: data needs a key: data.KEY"),
            ("data=1", "column 1: data needs a key: data.KEY"),
            ("attempt", "column 8: =, !=, ~, < or > after attempt was expected, not the end"),
            ("attempt=", "column 9: a value after = was expected, not the end"),
            (
                "message_id=and",
                "column 12: \"and\" is a word of the language; as a value it needs quotes"
            ),
            ("attempt==2", "column 8: \"==\" is no operator; write = for equality"),
            ("attempt>=2", "column 8: \">=\" is no operator; write not FIELD<VALUE"),
            ("attempt=2 && from=x", "column 11: \"&&\" is no operator; write and"),
            ("!attempt=2", "column 1: \"!\" is no operator; write not"),
            ("attempt!!2", "column 8: \"!!\" is no operator; known are: = != ~ < >"),
            (
                "attempt=2 AND from=x",
                "column 11: \"and\", \"or\" or the end was expected, not \"AND\"; did you mean \"and\"?"
            ),
            (
                "attempt=2 from=x",
                "column 11: \"and\", \"or\" or the end was expected, not \"from\""
            ),
            ("(attempt=2", "column 11: \"and\", \"or\" or \")\" was expected, not the end"),
            ("attempt=2)", "column 10: \"and\", \"or\" or the end was expected, not \")\""),
            ("attempt=two", "column 9: attempt is a number, not \"two\""),
            ("attempt<two", "column 9: a number was expected after <, not \"two\""),
            ("state=inflight", "column 7: unknown state \"inflight\"; did you mean \"in-flight\"?"),
            (
                "direction=up",
                "column 11: unknown direction \"up\"; known are: downstream, upstream"
            ),
            ("from=\"x", "column 6: the quote is not closed"),
            (
                "é=1",
                "column 1: unknown field \"é\"; known are: actor, attempt, category, connection, count, data.KEY, deed, direction, error, event, from, message_id, sender_id, state"
            ),
            ("data.é=1 x", "column 10: \"and\", \"or\" or the end was expected, not \"x\""),
        ])
    func faults(text: String, problem: String) {
        #expect {
            try Match(parsing: text)
        } throws: { error in
            #expect("\(error)" == problem)
            return true
        }
    }

    @Test("A broken regular expression is refused when it is read")
    func brokenPattern() {
        #expect {
            try Match(parsing: "from=x and data.parcel~\"(1\"")
        } throws: { error in
            "\(error)".hasPrefix("column 24: \"(1\" is no regular expression: ")
        }
    }

    @Test(
        "A regular expression that could take for ever is refused",
        arguments: [
            "^(a+)+$", "(a*)*", "(a|a)*b", "(a|ab)+", "(?:x+y?)*", "((a{1,9})b)+", "(a?){2,30}",
            #"([^\]]+)*"#, #"(\d+\.)+"#, "(.|x)*", "(?<name>a+){3,}", "x((a|b+)c)*",
        ])
    func endlessPattern(pattern: String) {
        #expect {
            try Match(parsing: "data.x~'\(pattern)'")
        } throws: { error in
            "\(error)".hasPrefix("column 8: \"\(pattern)\" repeats what repeats")
        }
    }

    @Test(
        "Repetitions that stand side by side, or of what has one way, are taken",
        arguments: [
            "^m-.*", ".*foo.*bar.*", "(foo|bar)+", "(ab)*", "(a+){3}", "[a-z+*]+", #"\(a+\)+"#,
            "(a+|b*)?", "x{2,}y+", "(?:abc)+", "a+?b", "[[a-c]x]+", "é+", "",
        ])
    func harmlessPattern(pattern: String) throws {
        _ = try Match(parsing: "data.x~'\(pattern)'")
    }

    @Test("A regular expression is bounded in length")
    func patternBound() throws {
        let pattern = String(repeating: "x", count: Limits.patternBytes)
        _ = try Match(parsing: "from~\(pattern)")
        let error = #expect(throws: MatchError.self) { try Match(parsing: "from~\(pattern)x") }
        #expect(error?.description == "column 6: a regular expression has at most 256 bytes")
    }

    @Test("A pattern that is nothing but depth or repetition does no harm")
    func hostilePatterns() {
        let room = Limits.patternBytes
        for pattern in [
            String(repeating: "(", count: room),
            String(repeating: "(", count: room / 2) + String(repeating: ")", count: room / 2),
            String(repeating: "(?:", count: room / 4) + String(repeating: ")", count: room / 4),
            String(repeating: "[", count: room), String(repeating: "[^", count: room / 2),
            "a" + String(repeating: "{1000}", count: room / 6),
            String(repeating: "a|", count: room / 2), String(repeating: "a?", count: room / 2),
        ] {
            if let match = try? Match(parsing: "data.empty~'\(pattern)'") {
                _ = match.accepts(Fields.example)
            }
        }
    }

    @Test("Random texts give an expression or an error, never more")
    func anyText() {
        var entropy = Entropy(seed: 4)
        let pieces = [
            "attempt", "data.k", "=", "!=", "~", "<", "\"", "'", "\\", "(", ")", "and", "or", "not",
            " ", "1", "é", "\u{0}", "data.", "state", "#",
        ]
        var accepted = 0
        for _ in 0..<20_000 {
            let text = (0..<entropy.next() % 9).map { _ in
                pieces[Int(entropy.next() % UInt64(pieces.count))]
            }.joined()
            guard let match = try? Match(parsing: text) else { continue }
            accepted += 1
            #expect(match.accepts(Fields.example) == match.misses(Fields.example).isEmpty)
        }
        #expect(accepted > 10)
    }
}
