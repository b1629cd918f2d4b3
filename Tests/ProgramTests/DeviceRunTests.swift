import Foundation
import RealPrograms
import Testing

@Suite("A device as a process of its own")
struct DeviceRunTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    private func device(_ relay: RelayProgram, _ arguments: [String]) throws -> DeviceProgram {
        try DeviceProgram(
            relay: relay.endpoints, app: "com.example.pigeon", state: home.file("device.db"),
            arguments)
    }

    @Test(
        "A signal ends it while it waits for input, or for room in the queue",
        arguments: [(SIGINT, 130, 1), (SIGTERM, 143, 2)])
    func signals(signal: Int32, status: Int32, lines: Int) async throws {
        let relay = try await RelayProgram(in: home)
        let device = try device(
            relay, ["--offline", "--when-full", "wait", "--pending-limit", "1"])
        for number in 1...lines { device.send(line: #"{"message_id":"m-\#(number)"}"#) }
        _ = try await device.event("will_send")
        device.program.send(signal)
        #expect(try await device.program.exitStatus() == status)
        #expect(device.eventsSoFar.map(\.event) == ["will_send"])
    }

    @Test("What was pending when it was killed goes out in its next life")
    func killed() async throws {
        let relay = try await RelayProgram(in: home)
        let first = try device(relay, ["--offline"])
        for number in 1...21 { first.send(line: #"{"message_id":"m-\#(number)"}"#) }
        #expect(try await first.event("send_error").error == "TooManyMessages")
        try await first.program.kill9()

        let second = try device(relay, ["--exit-when-sent"])
        second.endInput()
        #expect(try await second.program.exitStatus() == 0)
        let sent = second.eventsSoFar.filter { $0.event == "message_sent" }.map(\.messageID)
        #expect(sent == (1...20).map { "m-\($0)" })
    }

    @Test(
        "iOS: what is no string is left out, or becomes one",
        arguments: [
            ([], #"{"s":"x"}"#),
            (["--quirk", "other-values=stringified"], #"{"n":"-7.50","t":"1","f":"0","s":"x"}"#),
        ])
    func otherValues(quirk: [String], data: String) async throws {
        let relay = try await RelayProgram(in: home)
        let appServer = try AppServerProgram(relay: relay.endpoints, ["--count", "1"])
        let device = try device(relay, ["--client", "ios", "--exit-when-sent"] + quirk)
        device.send(line: #"{"data":{"n":-7.50,"t":true,"f":false,"s":"x","o":{},"z":null}}"#)
        device.endInput()
        #expect(try await device.program.exitStatus() == 0)
        let upstream = try await appServer.event("upstream")
        #expect(upstream.line.contains("\"data\":" + data), "\(upstream.line)")
    }

    @Test("fcm: a time to live beyond a day is refused before anything is sent, as Firebase does")
    func firebaseTimeToLive() async throws {
        let relay = try await RelayProgram(in: home)
        let send = try RealProgram("gcm-device", ["send", "--client", "fcm", "--ttl", "48h"])
        #expect(try await send.exitStatus() == 64)
        #expect(
            send.talk.contains("--ttl \"48h\" is longer than the 86400 s that --client fcm allows"),
            "\(send.talk)")

        let device = try device(relay, ["--client", "fcm", "--exit-when-sent"])
        for seconds in [86_401, -1, 86_400, 0] {
            device.send(line: #"{"message_id":"m\#(seconds)","time_to_live":\#(seconds)}"#)
        }
        device.endInput()
        #expect(try await device.program.exitStatus() == 65)
        #expect(!device.eventsSoFar.contains { ["m86401", "m-1"].contains($0.messageID) })
        #expect(device.eventsSoFar.contains { $0.messageID == "m86400" })
        for number in [1, 2] {
            #expect(
                device.program.talk.contains(
                    "line \(number) is bad and was not sent: with --client fcm time_to_live must "
                        + "be 0 to 86400"), "\(device.program.talk)")
        }
    }

    @Test("A wrong quirk is a matter of usage")
    func wrongQuirk() async throws {
        let device = try RealProgram("gcm-device", ["run", "--quirk", "reserved-keys=stripp"])
        #expect(try await device.exitStatus() == 64)
        #expect(device.talk.contains("did you mean \"reserved-keys=strip\"?"), "\(device.talk)")
    }

    @Test("Of equal keys the last counts; what is printed has each key once")
    func equalKeys() async throws {
        let relay = try await RelayProgram(in: home)
        let appServer = try AppServerProgram(relay: relay.endpoints, ["--count", "1"])
        let device = try device(relay, ["--exit-when-sent"])
        device.send(line: #"{"data":{"a":"1","b":"2","\u0061":"3"}}"#)
        device.endInput()
        #expect(try await device.program.exitStatus() == 0)
        let upstream = try await appServer.event("upstream")
        #expect(upstream.line.contains(#""data":{"a":"3","b":"2"}"#), "\(upstream.line)")
    }

    @Test("Bad lines are named by their numbers, the others are sent")
    func badLines() async throws {
        let relay = try await RelayProgram(in: home)
        let device = try device(relay, ["--exit-when-sent"])
        let long = String(repeating: "x", count: 1 << 21)
        for line in [
            "[]", #"{"data":{"k":1}}"#, #"{"message_id":"m-1"}"#, "", #"{"data":{"k":"\#(long)"}}"#,
            #"{"data":{"k":"v"}}"#,
        ] {
            device.send(line: line)
        }
        device.endInput()
        #expect(try await device.program.exitStatus() == 65)
        let sent = device.eventsSoFar.filter { $0.event == "message_sent" }.map(\.messageID)
        #expect(sent == ["m-1", "1"])
        for number in [1, 2, 5] { #expect(device.program.talk.contains("line \(number) is bad")) }
    }

    @Test("unregister is done, also where there is no token")
    func unregisterTwice() async throws {
        let relay = try await RelayProgram(in: home)
        for command in ["unregister", "register", "unregister", "unregister"] {
            let endpoints = relay.endpoints
            let device = try DeviceProgram([
                command, "--relay", "\(endpoints.host):\(endpoints.device)", "--ca", endpoints.ca,
                "--state", home.file("device.db"),
            ])
            #expect(try await device.program.exitStatus() == 0)
            #expect(device.eventsSoFar.contains { $0.event == "\(command)ed" })
        }
    }

    @Test("unregister waits for a token that is on its way")
    func unregisterEarly() async throws {
        let relay = try await RelayProgram(in: home)
        let endpoints = relay.endpoints
        func start(_ arguments: [String], port: Int) throws -> DeviceProgram {
            try DeviceProgram(
                arguments + [
                    "--relay", "\(endpoints.host):\(port)", "--ca", endpoints.ca,
                    "--state", home.file("device.db"),
                ])
        }
        // Nobody listens there: the message stays pending, and wants a token.
        let send = try start(["send", "--id", "m-1", "--timeout", "1s"], port: 1)
        #expect(try await send.program.exitStatus() == 75)
        let unregister = try start(["unregister"], port: endpoints.device)
        #expect(try await unregister.program.exitStatus() == 0)
        _ = try await unregister.event("unregistered")
        let register = try start(["register"], port: endpoints.device)
        #expect(try await register.program.exitStatus() == 0)
    }

    @Test("send judges its own message, not one that an earlier life left")
    func ownMessage() async throws {
        let relay = try await RelayProgram(in: home)
        let endpoints = relay.endpoints
        func start(_ arguments: [String], port: Int) throws -> DeviceProgram {
            try DeviceProgram(
                arguments + [
                    "--relay", "\(endpoints.host):\(port)", "--ca", endpoints.ca,
                    "--app", "com.example.pigeon", "--state", home.file("device.db"),
                ])
        }
        let register = try start(["register"], port: endpoints.device)
        #expect(try await register.program.exitStatus() == 0)
        // Nobody listens there: the message stays pending. The relay will refuse it, for the app is
        // in no such group. (That it expires would not do: which life sees it depends on the load.)
        let old = try start(
            ["send", "--to", "no-such-group", "--id", "old", "--timeout", "1s"], port: 1)
        #expect(try await old.program.exitStatus() == 75)
        #expect(old.eventsSoFar.map(\.event) == ["will_send"])

        let new = try start(["send", "--id", "new"], port: endpoints.device)
        #expect(try await new.program.exitStatus() == 0)
        #expect(try await new.event("send_error").messageID == "old")
        #expect(try await new.event("message_sent").messageID == "new")
    }
}
