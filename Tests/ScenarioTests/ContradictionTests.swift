import CloudMessaging
import Journal
import Scenario
import Testing

@Suite("Contradictory expectations")
struct ContradictionTests {
    /// Expectations, the first of which is in line 12, and what the reader says of them.
    struct Contradiction: Sendable, CustomTestStringConvertible {
        let lines: [String]
        let problem: String

        init(_ lines: String..., problem: String) {
            self.lines = lines
            self.problem = problem
        }

        var testDescription: String { lines.joined(separator: " / ") }
    }

    @Test("What no run can meet is refused", arguments: pairs + parts + spans + orders + alone)
    func refused(_ contradiction: Contradiction) throws {
        let lines = contradiction.lines.map { "  - " + $0 }.joined(separator: "\n")
        let error = try #require(throws: ScenarioFileError.self) {
            try ScenarioFile.read(Example.play(expect: lines), path: "s.yaml")
        }
        #expect(error.problems.count == 1, "\(error)")
        #expect("\(error)".hasPrefix("s.yaml:" + contradiction.problem), "\(error)")
    }

    static let pairs = [
        Contradiction(
            "shop: {receives: m, times: 3}", "never: {shop: {receives: m}}",
            problem: "13:5: it contradicts the expectation at 12:5; no run can meet both"),
        Contradiction(
            "shop: {receives: m, times: 3}", "shop: {receives: {id: m}, times: 2}",
            problem: "13:5: it contradicts"),
        Contradiction(
            "relay: {message: m, state: settled}", "relay: {message: m, state: expired}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "relay: {message: m, attempts: 3}", "relay: {message: m, attempts: {at-most: 2}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "relay: {message: m, state: settled}", "never: {relay: {settles: m}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "never: {relay: {settles: {id: m, from: phone}}}",
            "relay: {message: m, from: phone, state: settled}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "relay: {message: m, state: expired}",
            "never: {match: \"event=message.state and state=expired\"}",
            problem: "13:5: it contradicts the expectation at 12:5"),
    ]

    static let parts = [
        Contradiction(
            "never: {shop: {receives: any}}", "shop: {receives: m}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: any, times: 1}", "shop: {receives: m, times: 2}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: {id: m, category: com.example.courier}, times: 3}",
            "shop: {receives: m, times: 2}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: {id: m, on: 2}, times: 3}", "shop: {receives: m, times: 2}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "relay: {sends: {id: m, attempt: 3}}",
            "never: {match: \"event=upstream.stanza and attempt>2\"}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "phone: {told: {error: {id: m, code: TooManyMessages}}}",
            "never: {phone: {told: {error: m}}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: m-1, times: 2}", "shop: {receives: any, times: 3}",
            "shop: {receives: m-2, times: 2}",
            problem: "14:5: it contradicts the expectations at 12:5 and 13:5; no run can meet them"),
        Contradiction(
            "order: [{phone: {sends: m}}, {relay: {settles: m}}]", "never: {relay: {settles: any}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "never: {match: event=upload}", "phone: {sends: m, within: 5s}",
            problem: "13:5: it contradicts the expectation at 12:5"),
    ]

    static let spans = [
        Contradiction(
            "never: {shop: {receives: m}}", "shop: {receives: m, after: {relay: {settles: m}}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: m, within: 5s}", "never: {shop: {receives: m}, within: 10s}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: m, after: {shop: connects}, within: 5s}",
            "never: {shop: {receives: m}, after: {shop: connects}, within: 10s}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: m, after: {relay: {settles: m}}}",
            "never: {shop: {receives: any}, after: {relay: {settles: any}}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: m, after: {relay: {settles: m-2}}}", "never: {relay: {settles: m-2}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "shop: {receives: m, after: {relay: {settles: m}}, before: {relay: {settles: m}}}",
            problem: "12:5: nothing comes after and before the same; leave one of them out"),
    ]

    static let orders = [
        Contradiction(
            "order: [{shop: connects}, {phone: connects}]",
            "order: [{phone: connects}, {shop: connects}]",
            problem: "13:5: it contradicts the expectation at 12:5; no run can meet both"),
        Contradiction(
            "order: [{shop: connects}, {phone: connects}]",
            "order: [{phone: connects}, {phone: {sends: m}}]",
            "order: [{phone: {sends: m}}, {shop: connects}]",
            problem: "14:5: it contradicts the expectations at 12:5 and 13:5; no run can meet them"),
        Contradiction(
            "order: [{shop: connects}, {phone: connects}, {shop: connects}]",
            problem: "12:5: it contradicts itself; no run can meet it"),
        Contradiction(
            "order: [{shop: {receives: m-2}}, {shop: {receives: any}}]",
            problem: "12:5: it contradicts itself"),
        Contradiction(
            "order: [{relay: {sends: m}}, {relay: {settles: m}}]",
            "never: {relay: {sends: m}, before: {relay: {settles: m}}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "order: [{relay: {sends: m}}, {relay: {settles: m}}]",
            "never: {relay: {settles: m}, after: {relay: {sends: m}}}",
            problem: "13:5: it contradicts the expectation at 12:5"),
        Contradiction(
            "order: [{shop: connects}, {phone: connects}]", "phone: {connects: , times: 1}",
            "phone: {connects: , before: {shop: connects}}",
            problem: "14:5: it contradicts the expectation at 12:5"),
    ]

    static let alone = [
        Contradiction(
            "match: \"event=upload and event=device.online\"",
            problem: "12:5: no event can be like this; its conditions exclude each other"),
        Contradiction(
            "order: [{shop: connects}, {match: \"attempt<3 and attempt>2\"}]",
            problem: "12:5: no event can be like this"),
        Contradiction(
            "shop: {receives: m, after: {match: \"state=held and not state~h\"}}",
            problem: "12:5: no event can be like this"),
    ]

    @Test(
        "What a run can meet is not",
        arguments: [
            [
                "shop: {receives: m, times: 3}",
                "never: {shop: {receives: m}, after: {relay: {settles: m}}}",
            ],
            ["shop: {receives: m, times: 3}", "shop: {receives: m, times: {at-least: 2}}"],
            [
                "relay: {message: m, state: settled}",
                "relay: {message: m, from: tablet, state: expired}",
            ],
            [
                "relay: {message: m, state: settled}",
                "never: {relay: {settles: {id: m, from: tablet}}}",
            ],
            ["relay: {message: m, state: settled}", "never: {relay: {expires: m}}"],
            ["shop: {receives: {id: m, on: 1}, times: 2}", "shop: {receives: m, times: 3}"],
            [
                "shop: {receives: any, times: 3}", "shop: {receives: m-1, times: 3}",
                "never: {shop: {receives: m-2}}",
            ],
            [
                "shop: {receives: any, times: 2}", "shop: {receives: {id: m, on: 1}, times: 2}",
                "shop: {receives: {id: m, data: {k: v}}, times: 2}",
            ],
            ["shop: {receives: m, within: 10s}", "never: {shop: {receives: m}, within: 5s}"],
            [
                "shop: {receives: m, after: {shop: connects}, within: 5s}",
                "never: {shop: {receives: m}, within: 5s}",
            ],
            ["never: {shop: {receives: m}, before: {relay: {settles: m}}}", "shop: {receives: m}"],
            [
                "never: {shop: {receives: m}, after: {relay: {settles: m}}, before: {relay: {settles: m}}}"
            ],
            [
                "order: [{shop: connects}, {phone: connects}]",
                "order: [{shop: connects}, {tablet: connects}]",
            ],
            ["order: [{shop: {receives: any}}, {shop: {receives: m}}]"],
            ["never: {match: \"event=upload and event=device.online\"}"],
            ["match: \"event=upload or event=device.online\""],
            ["match: \"data.k>2 and data.k<3\""],
            [
                "match: \"connection!=1 and connection!=2\"",
                "match: \"not (event=upload or state=held)\"",
            ],
        ])
    func accepted(_ expectations: [String]) throws {
        let lines = expectations.map { "  - " + $0 }.joined(separator: "\n")
        _ = try ScenarioFile.read(Example.play(expect: lines), path: "s.yaml")
    }

    @Test(
        "What one run meets is never refused, whatever it is",
        arguments: UInt64(1)...100)
    func met(_ seed: UInt64) throws {
        var draw = Draw(seed: seed)
        let evidence = try Journals.evidence(draw.journal())
        let expectations = (0..<60).map { _ in draw.expectation() }.filter { line in
            let text = Example.play(expect: "  - " + line)
            let file = try? ScenarioFile.read(text, path: "s.yaml")
            return file?.verdicts(on: evidence).allSatisfy(\.isMet) ?? false
        }
        #expect(expectations.count > 5)
        let lines = expectations.map { "  - " + $0 }.joined(separator: "\n")
        #expect(throws: Never.self, "\(lines)") {
            try ScenarioFile.read(Example.play(expect: lines), path: "s.yaml")
        }
    }
}

/// Draws small journals, and expectations about what can be in them.
private struct Draw {
    private var random: Entropy

    init(seed: UInt64) {
        random = Entropy(seed: seed)
    }

    private mutating func any(_ choices: [String]) -> String {
        choices[Int(random.next() % UInt64(choices.count))]
    }

    private mutating func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }

    mutating func journal() -> String {
        var lines = [
            "0 shop connection.bound connection=1 sender_id=4711",
            "0 phone connection.bound connection=2",
            "0 phone upload connection=2 message_id=m-0 from=tok:1 sender_id=4711",
            "0 tablet upload connection=3 message_id=m-0 from=tok:2 sender_id=4711",
        ]
        for second in 1...12 {
            let message =
                "message_id=m-\(random.next() % 2) from=tok:\(1 + random.next() % 2) "
                + "category=\(any(["a.b", "com.example.courier"])) sender_id=4711"
            let event = any([
                "relay upstream.stanza connection=1 attempt=\(1 + random.next() % 3)",
                "shop upstream.received connection=1", "relay message.state state=settled",
                "relay message.state state=expired", "shop upstream.ack connection=1",
            ])
            lines.append("\(second) \(event) \(message)")
        }
        return lines.joined(separator: "\n")
    }

    private mutating func sighting() -> String {
        let id = any([
            "any", "m-0", "m-1", "{id: m-0, from: phone}", "{category: a.b}", "{from: tablet}",
        ])
        return any([
            "shop: {receives: \(id)}", "relay: {sends: \(id)}", "relay: {settles: \(id)}",
            "relay: {expires: \(id)}", "shop: {acks: m-0}", "relay: {sends: {attempt: 2}}",
            "match: \"event=upstream.stanza and attempt>1\"", "match: \"not message_id=m-0\"",
            "match: \"event=message.state or attempt<3\"",
            "match: \"state=settled and from!=tok:2\"",
            "shop: connects", "phone: connects",
        ])
    }

    mutating func expectation() -> String {
        if chance(20) { return "order: [{\(sighting())}, {\(sighting())}]" }
        if chance(15) {
            let state = any(["settled", "expired"])
            let from = any(["", ", from: phone", ", from: tablet"])
            return "relay: {message: \(any(["m-0", "m-1"]))\(from), state: \(state)}"
        }
        var bounds = ""
        if chance(40) { bounds += ", after: {\(sighting())}" }
        if chance(30) { bounds += ", before: {\(sighting())}" }
        if chance(30) { bounds += ", within: \(1 + random.next() % 8)s" }
        if chance(40) { return "{never: {\(sighting())}\(bounds)}" }
        let times = any([
            "", ", times: 1", ", times: 2", ", times: {at-least: 2}", ", times: {at-most: 3}",
        ])
        return "{\(sighting())\(bounds)\(times)}"
    }
}
