import Foundation
import Scenario
import Testing

/// A file with a fault, and what the reader says of it.
struct BadFile: Sendable, CustomTestStringConvertible {
    let text: String
    /// `LINE:COLUMN: ` and the beginning of the problem.
    let problem: String
    /// A part of what comes after it.
    let remedy: String

    init(_ text: String, _ problem: String, _ remedy: String = "") {
        self.text = text
        self.problem = problem
        self.remedy = remedy
    }

    var testDescription: String { problem }

    /// A fault in the first line of the steps of a play, which is line 10.
    static func step(_ line: String, _ problem: String, _ remedy: String = "") -> BadFile {
        BadFile(Example.play(line), problem, remedy)
    }

    /// A fault in the first line of the expectations of a play, which is line 12.
    static func expect(_ line: String, _ problem: String, _ remedy: String = "") -> BadFile {
        BadFile(Example.play(expect: line), problem, remedy)
    }

    /// A fault in the second line.
    static func head(_ line: String, _ problem: String, _ remedy: String = "") -> BadFile {
        BadFile(Example.play(head: line), problem, remedy)
    }

    /// A fault in the only member of a cast, which is in line 3.
    static func cast(_ member: String, _ problem: String, _ remedy: String = "") -> BadFile {
        BadFile("scenario: s\ncast:\n  \(member)\nsteps: []", problem, remedy)
    }
}

@Suite("Bad scenario files")
struct BadFileTests {
    @Test("A fault has its place, and a hint", arguments: syntax + heads + casts + steps + expects)
    func fault(_ file: BadFile) throws {
        let error = try #require(throws: ScenarioFileError.self) {
            try ScenarioFile.read(file.text, path: "s.yaml")
        }
        #expect(error.problems.count == 1, "\(error)")
        let first = try #require(error.problems.first).description
        #expect(first.hasPrefix("s.yaml:" + file.problem), "\(first)")
        #expect(file.remedy.isEmpty || first.contains(file.remedy), "\(first)")
        #expect(first.contains("; "), "it does not say what to do: \(first)")
    }

    static let syntax = [
        BadFile("", "1:1: the file says nothing", "begin with scenario: NAME"),
        BadFile("# only a note", "1:1: the file says nothing"),
        BadFile("- a\n- b", "1:1: the scenario must be a mapping, not a list", "it knows scenario"),
        BadFile("hello", "1:1: the scenario must be a mapping, not hello"),
        BadFile("scenario: s\n\tcast: {}", "2:1: ", "a tab indents here, and YAML wants blanks"),
        BadFile("scenario: \"s", "1:13: ", "look at the quotes"),
        BadFile("scenario: [a, b", "2:1: "),
        BadFile("scenario: a: b", "1:12: ", "a text with \": \" in it needs quotes"),
        BadFile("scenario: @s", "1:11: ", "needs quotes"),
        BadFile("scenario: s\nabout: *a", "2:8: found undefined alias", "needs quotes"),
        BadFile(
            "scenario: s\nabout: &a x", "2:8: anchors (&) and aliases (*) are not read",
            "write it out"),
        BadFile(
            "scenario: s\ncast: {a: {<<: {role: device}}}\nsteps: []",
            "2:12: merge keys (<<) are not read"),
        BadFile("scenario: s\nseed: 1\nscenario: t", "1:1: \"scenario\" is there twice"),
        BadFile("scenario: s\ncast: {}\nsteps: []\n---\na: b", "4:1: ", "one file is one scenario"),
        BadFile("scenario: s\n? [a]\n: b", "2:3: a key must be a name"),
        BadFile(
            "scenario: " + String(repeating: "[", count: 20) + String(repeating: "]", count: 20),
            "1:26: nesting deeper than 16"),
        BadFile("scenario: s\u{0}", "1:12: "),
    ]

    static let heads = [
        BadFile("scenario: s\nsteps: []", "1:1: the scenario lacks cast", "add cast: {"),
        BadFile("cast: {}\nsteps: []", "1:1: the scenario lacks scenario", "add scenario: NAME"),
        BadFile("scenario: s\ncast: {}", "1:1: the scenario lacks steps"),
        .head("abuot: a", "2:1: unknown key \"abuot\" in the scenario", "did you mean \"about\"?"),
        .head("colour: red", "2:1: unknown key \"colour\"", "known are: about, any-seed"),
        .head("about: [a]", "2:8: about must be a text, not a list"),
        .head("about:", "2:7: about must be a text, not nothing"),
        .head("seed: -1", "2:7: seed \"-1\" is none", "write a whole number"),
        .head("seed: seven", "2:7: seed \"seven\" is none"),
        .head(
            "seed: 99999999999999999999", "2:7: seed \"99999999999999999999\" is none",
            "write a whole number from 0 to 18446744073709551615"),
        .head("any-seed: maybe", "2:11: any-seed must be true or false, not maybe"),
        .head("ends: {after: 5}", "2:15: after must be a duration, not 5", "5s, or 5ms"),
        .head("ends: {after: soon}", "2:15: after must be a duration, not soon", "a number with"),
        .head("ends: {after: -5s}", "2:15: after must be a duration, not -5s", "not negative"),
        .head("ends: {after: 9d}", "2:15: after must be a duration, not 9d", "a day is 24h"),
        .head("ends: {after: 5us}", "2:15: after must be a duration, not 5us", "unit is ms"),
        .head(
            "ends: {after: 99999999h}", "2:15: after must be a duration, not 99999999h",
            "longer than 292 years"),
        .head("ends: {after: 8760h}", "2:15: a play lasts 1000h at most, not 8760h"),
        .head("ends: {after: 0s}", "2:15: after must be longer than nothing"),
        .head("ends: 5m", "2:7: ends must be a mapping, not 5m", "it knows after, quiet"),
        .head("driver: {virtualonly: x}", "2:10: unknown key \"virtualonly\"", "virtual-only"),
        .head(
            "driver: {virtual-only: power}", "2:9: an external app server comes over real sockets"
        ),
        .head("relay: {retry: {frist: 1s}}", "2:17: unknown key \"frist\"", "\"first\"?"),
        .head("relay: {retry: {first: 5m}}", "2:24: first (5m) is longer than longest (3m)"),
        .head(
            "relay: {retry: {first: 0s}}", "2:24: first must be 1ms or longer, not 0s",
            "write a longer one"),
        .head("relay: {keepalive: 0s}", "2:20: keepalive must be 1ms or longer, not 0s"),
        .head("relay: {retry: {factor: 0}}", "2:25: factor must be a number from 1.0 to 1000.0"),
        .head(
            "relay: {redelivery: on_reconnect}", "2:21: redelivery \"on_reconnect\" is unknown",
            "\"on-reconnect\"?"),
        .head("relay: {max-unacked: 0}", "2:22: max-unacked must be from 1 to 1000000, not 0"),
        .head("relay: {max-unacked: \"3\"}", "2:22: max-unacked must be a whole number"),
        .head("relay: {quirks: {unknownack: error}}", "2:18: unknown quirk", "\"unknown-ack\"?"),
        .head(
            "relay: {quirks: {unknown-ack: maybe}}", "2:31: \"maybe\" is no value of unknown-ack",
            "error, ignore"),
        .head("relay: {quirks: {device-rate: 0/1m}}", "2:31: \"0/1m\" is no value", "N/DURATION"),
        .head("relay: {projects: {a b: k}}", "2:20: \"a b\" is no sender ID"),
    ]

    static let casts =
        [
            .cast("phone: device", "3:10: phone must be a mapping, not device", "{role: device}"),
            .cast("phone: {app: a}", "3:10: phone has no role", "it is a device"),
            .cast("phone: {role: devise}", "3:17: role \"devise\" is unknown", "\"device\"?"),
            .cast(
                "relay: {role: device}", "3:3: \"relay\" is a word of the language: there is",
                "leave it out, or give the member another name"),
            .cast("cut: {role: device}", "3:3: \"cut\" is a word of the language"),
            .cast("my phone: {role: device}", "3:3: \"my phone\" is no name"),
            .cast("phone: {role: device, ack: never}", "3:25: unknown key \"ack\" in a device"),
            .cast("phone: {role: device, client: windows}", "3:33: client \"windows\" is unknown"),
            .cast("phone: {role: device, pending-limit: 0}", "3:40: pending-limit must be from 1"),
            .cast("phone: {role: device, sender-id: \"4 7\"}", "3:36: sender-id \"4 7\" is none"),
            .cast(
                "shop: {role: app-server, ack: later}", "3:33: ack \"later\" is unknown", "never"),
            .cast("shop: {role: app-server, ack: {skip: 2, then: never}}", "3:49: then \"never\""),
            .cast("shop: {role: app-server, ack: {skip: 2, after: 1s}}", "3:43: skip and after"),
            .cast("shop: {role: app-server, ack: {}}", "3:33: ack lacks skip", "skip: 2"),
            .cast("shop: {role: app-server, reconnect: soon}", "3:39: reconnect must be a mapping"),
            .cast("shop: {role: app-server, connections: 0}", "3:41: connections must be from 1"),
            .cast(
                "guest: {role: external, ack: never}", "3:27: unknown key \"ack\" in an external"),
            .cast(
                "a: {role: external}\n  b: {role: external}",
                "4:3: a and b are app servers under test with one sender ID", "several connections"),
            .cast("shop: {role: app-server, network: {latency: -1s}}", "3:47: latency must be a"),
        ] as [BadFile]

    static let steps =
        [
            .step("  - connects", "10:5: a step must be a mapping, not connects", "WHO: VERB"),
            .step("  - shpo: connects", "10:5: \"shpo\" is neither in the cast nor", "\"shop\"?"),
            .step("  - shop: conects", "10:11: unknown verb \"conects\"", "\"connects\"?"),
            .step(
                "  - shop: goes-online", "10:11: an app server cannot do \"goes-online\"", "acks"),
            .step("  - phone: {acks: m-1}", "10:13: a device cannot do \"acks\""),
            .step(
                "  - guest: {sends: {id: d, to: phone}}", "10:13: an external app server cannot do"),
            .step("  - relay: {sends: m-1}", "10:13: the relay cannot do \"sends\"", "drains"),
            .step("  - phone: {goes-online: now}", "10:26: goes-online takes nothing, not now"),
            .step("  - phone:", "10:11: phone needs one verb, not nothing"),
            .step("  - phone: sends", "10:12: sends lacks id", "add id: m-1"),
            .step("  - phone: {sends: {}}", "10:20: sends lacks id"),
            .step("  - phone: {sends: {id: a, tll: 1s}}", "10:28: unknown key \"tll\"", "\"ttl\"?"),
            .step("  - phone: {sends: {id: a, ids: [b]}}", "10:28: id and ids exclude each other"),
            .step("  - phone: {sends: {ids: m-1..n-3}}", "10:26: ids \"m-1..n-3\" is no range"),
            .step("  - phone: {sends: {ids: m-1..m-99999}}", "10:26: a step has at most 10000"),
            .step("  - phone: {sends: {id: a, ttl: 60}}", "10:33: ttl must be a duration, not 60"),
            .step(
                "  - phone: {sends: {id: a, data: {n: 7}}}", "10:38: data.n: 7 is no text", "\"7\""),
            .step("  - phone: {sends: {id: a, data: x}}", "10:34: data must be a mapping, not x"),
            .step("  - phone: {sends: m-1}", "10:20: sends takes a mapping, not m-1"),
            .step("  - phone: {subscribes: \"a b\"}", "10:25: topic \"a b\" is none"),
            .step("  - shop: {sends: {id: d}}", "10:19: sends lacks to", "a device of the cast"),
            .step("  - shop: {sends: {id: d, to: shop}}", "10:31: to: shop is an app server"),
            .step(
                "  - shop: {sends: {id: d, to: fone}}", "10:31: to: \"fone\" is not", "\"phone\"?"),
            .step(
                "  - shop: {acks: {id: a, on: first}}", "10:30: on must be a connection's number"),
            .step("  - shop: {acks: {id: a, times: 0}}", "10:33: times must be from 1"),
            .step(
                "  - shop: {writes: {json: \"{{fone}}\"}}", "10:27: {{fone}}: \"fone\" is not in"),
            .step("  - shop: {writes: {}}", "10:20: writes lacks json"),
            .step(
                "  - cut: {between: [phone, shop]}", "10:20: between must name the relay and one"),
            .step(
                "  - cut: {between: [relay]}",
                "10:20: between must name the relay and one of the cast, not relay",
                "write [relay, phone]"),
            .step(
                "  - cut: {between: [relay, shop], how: rset}", "10:40: how \"rset\"", "\"reset\"?"),
            .step("  - cut: {between: [relay, phone], on: 1}", "10:40: on: a device has one"),
            .step("  - cut: {}", "10:5: cut lacks between"),
            .step(
                "  - hold: {from: phone, to: shop}", "10:18: one of from and to must be the relay"),
            .step("  - hold: {from: relay, to: relay}", "10:29: from and to are both the relay"),
            .step("  - mend: f", "10:11: no fault before has the name \"f\"", "give one"),
            .step("  - fault: {on: login}", "10:5: do is missing", "drop"),
            .step("  - fault: {on: upstream.akc, do: drop}", "10:17: on \"upstream.akc\"", "ack"),
            .step(
                "  - fault: {on: login, do: nack, code: A}", "10:5: nack makes no sense on login"),
            .step(
                "  - fault: {on: login, do: drop, match: \"sender_id=1 and stat=held\"}",
                "10:58: match: unknown field \"stat\"", "\"state\"?"),
            .step("  - fault: {on: login, do: drop, probability: 2}", "10:5: probability must be"),
            .step("  - clock: {of: relay}", "10:5: clock lacks by"),
            .step("  - clock: {of: relay, by: soon}", "10:28: by must be a duration, not soon"),
            .step("  - wait: 1h", "10:11: wait: the step comes not before 1h", "ends: {after: 1h}"),
            .step("  - at: 6m\n    shop: crashes", "10:9: at: the step comes not before 6m"),
            .step(
                "  - {at: 5s, shop: crashes}\n  - {at: 2s, shop: restarts}",
                "11:10: at: 2s goes back: the step before is not done earlier than 5s", "use wait"),
            .step("  - wait: 5s\n  - at: 4s\n    shop: crashes", "11:9: at: 4s goes back"),
            .step("  - {at: 1s, wait: 2s, shop: crashes}", "10:14: at and wait exclude each other"),
            .step("  - shop: connects\n    phone: goes-online", "11:5: a step with two deeds"),
            .step(
                "  - until: \"event=app.snt\"", "10:19: until: unknown event \"app.snt\"", "sent"),
            .step("  - until: {within: 1s}", "10:12: until lacks match"),
            .step(
                "  - until: {match: event=app.sent, within: 20m}",
                "10:44: within: it may come until 20m, and the play ends after 5m",
                "ends: {after: 20m}"),
            .step(
                "  - wait: 290s\n  - until: {match: event=app.sent, within: 20s}",
                "11:44: within: it may come until 310s, and the play ends after 5m"),
            .step(
                "  - until: \"event=upload and event=app.sent\"",
                "10:12: until: no event can be like this", "join them with \"or\""),
        ] as [BadFile]

    static let expects =
        [
            .expect("  - shop", "12:5: an expectation must be a mapping"),
            .expect("  - shp: {receives: m-1}", "12:5: \"shp\" is nobody in the cast", "\"shop\"?"),
            .expect(
                "  - shop: {recieves: m-1}", "12:12: unknown verb \"recieves\"", "\"receives\"?"),
            .expect("  - phone: {settles: m-1}", "12:13: a device is never seen doing \"settles\""),
            .expect("  - shop: {receives: {idd: m}}", "12:23: unknown key \"idd\"", "\"id\"?"),
            .expect(
                "  - shop: {receives: m-1, tims: 3}", "12:27: unknown key \"tims\"", "\"times\"?"),
            .expect(
                "  - shop: {receives: m-1, times: three}", "12:34: times must be a whole number"),
            .expect("  - shop: {receives: m, times: {}}", "12:32: times says neither at-least nor"),
            .expect(
                "  - shop: {receives: m, times: {at-least: 3, at-most: 2}}",
                "12:32: at-least (3) is more than at-most (2)"),
            .expect("  - shop: {receives: m, sends: d}", "12:25: two verbs, receives and sends"),
            .expect("  - {shop: {receives: m}, phone: connects}", "12:27: two subjects"),
            .expect(
                "  - phone: {told: {snt: m}}", "12:20: unknown key \"snt\" in told", "\"sent\"?"),
            .expect(
                "  - phone: {told: {sent: m, error: m}}", "12:13: told needs one of sent, error"),
            .expect("  - relay: {message: m}", "12:12: message lacks state"),
            .expect(
                "  - relay: {message: m, state: acked}", "12:32: state \"acked\" is unknown",
                "known are"),
            .expect(
                "  - never: {relay: {sends: m}, times: 3}", "12:32: never and times contradict"),
            .expect(
                "  - never: {never: {relay: {sends: m}}}", "12:13: never is no sighting",
                "an expectation of its own"),
            .expect(
                "  - order: [{shop: connects}, {never: {phone: connects}}]",
                "12:32: never is no sighting"),
            .expect("  - never: relay", "12:12: never must be a mapping, not relay"),
            .expect("  - order: [{shop: connects}]", "12:12: order needs two sightings or more"),
            .expect(
                "  - order: [{shop: connects}, {shop: {acks: m, times: 2}}]",
                "12:48: times cannot stand here"),
            .expect("  - match: \"error=a and\"", "12:24: match: a field, \"not\" or \"(\" was"),
            .expect("  - match: 'data.a=\"x\" or evnt=a'", "12:27: match: unknown field \"evnt\""),
            .expect(
                "  - {shop: {receives: m}, after: settled}", "12:34: a sighting must be a mapping"),
        ] as [BadFile]

    @Test("All faults of a file are told at once, in the order of its lines")
    func together() throws {
        let text = Example.play(
            "  - shpo: connects\n  - phone: {sends: {id: m-1, ttl: 1}}",
            expect: "  - shop: {receives: m-1, times: x}", head: "abuot: a")
        let error = try #require(throws: ScenarioFileError.self) {
            try ScenarioFile.read(text, path: "s.yaml")
        }
        #expect(error.problems.compactMap(\.place?.line) == [2, 10, 11, 13])
        #expect(error.more == 0)
    }

    @Test("Of very many faults the first fifty are told")
    func many() throws {
        let lines = (1...60).map { "  - shop\($0): connects" }.joined(separator: "\n")
        let error = try #require(throws: ScenarioFileError.self) {
            try ScenarioFile.read(Example.play(lines), path: "s.yaml")
        }
        #expect(error.problems.count == 50)
        #expect(error.more == 10)
        #expect("\(error)".hasSuffix("and 10 more"))
    }

    @Test("A file beyond a mebibyte is not read")
    func huge() throws {
        let text = "scenario: " + String(repeating: "x", count: 1 << 20)
        let error = try #require(throws: ScenarioFileError.self) {
            try ScenarioFile.read(text, path: "s.yaml")
        }
        #expect("\(error)".hasPrefix("s.yaml: the file has 1048586 bytes"))
    }

    @Test("A file that is not there, is no file or no UTF-8 is told as such")
    func unreadable() throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "scenario-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let latin = directory.appending(path: "latin.yaml").path
        try Data([0xC3, 0xA9, 0x0A, 0x61, 0x62, 0xE9, 0x61]).write(to: URL(filePath: latin))
        let huge = directory.appending(path: "huge.yaml").path
        try Data(count: (1 << 20) + 1).write(to: URL(filePath: huge))
        for (path, problem) in [
            (directory.appending(path: "none.yaml").path, " there is no such file"),
            (directory.path, " this is a directory"),
            (latin, "2:3: byte 0xE9 is no UTF-8; write the file as UTF-8"),
            (huge, " the file has 1048577 bytes"),
        ] {
            let error = try #require(throws: ScenarioFileError.self) {
                try ScenarioFile.load(path: path)
            }
            #expect("\(error)".hasPrefix("\(path):\(problem)"), "\(error)")
        }
    }

    @Test("Nesting without end is refused", arguments: [("[", "]"), ("{a: ", "}"), ("- ", "")])
    func endless(opening: String, closing: String) throws {
        for depth in [17, 999, 5_000, 200_000] {
            let text =
                "steps: \n  " + String(repeating: opening, count: depth) + "x"
                + String(repeating: closing, count: depth)
            let error = try #require(throws: ScenarioFileError.self) {
                try ScenarioFile.read(text, path: "s.yaml")
            }
            #expect("\(error)".contains("nesting deeper than 16"), "\(depth)")
        }
    }

    @Test("Aliases of aliases cost nothing")
    func bomb() throws {
        var text = "scenario: s\nabout: &a0 [x]\n"
        for level in 1...40 { text += "k\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(throws: ScenarioFileError.self) { try ScenarioFile.read(text, path: "s.yaml") }
        // A key would be compared with all its copies.
        text += "? *a40\n: x\n"
        #expect(throws: ScenarioFileError.self) { try ScenarioFile.read(text, path: "s.yaml") }
    }
}
