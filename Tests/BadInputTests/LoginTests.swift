import Logging
import NIOCore
import NetworkRuntime
import Nodes
import RelayService
import Testing

/// Logins that cannot succeed.
struct LoginTests {
    struct Login: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let auth: String
        let condition: String
        let log: String
    }

    static let appServerLogins = [
        Login(
            testDescription: "a wrong key",
            auth: Words.plain("555000111222@gcm.googleapis.com", "not-the-key"),
            condition: "not-authorized",
            log: "wrong API key for sender ID 555000111222; compare it with --project"),
        Login(
            testDescription: "an unknown sender", auth: Words.plain("4711", TestRelay.key),
            condition: "not-authorized",
            log: "sender ID \"4711\" is not among the projects; log in as one of those, or add "
                + "--project SENDER_ID:API_KEY"),
        Login(
            testDescription: "key and sender ID exchanged",
            auth: Words.plain(TestRelay.key, "555000111222"), condition: "not-authorized",
            log: "sender ID and API key are exchanged"),
        Login(
            testDescription: "a name that is no sender ID",
            auth: Words.plain("my project", TestRelay.key), condition: "not-authorized",
            log: "\"my project\" is no sender ID: log in as SENDER_ID"),
        Login(
            testDescription: "an unknown mechanism",
            auth: Words.auth("AA==", mechanism: "X-OAUTH2"),
            condition: "invalid-mechanism",
            log: "mechanism \"X-OAUTH2\" is not served; use PLAIN"),
        Login(
            testDescription: "broken Base64", auth: Words.auth("AGE-Yg=="),
            condition: "incorrect-encoding", log: "the text of <auth/> is not Base64"),
        Login(
            testDescription: "one NUL", auth: Words.auth(Words.base64("user\0password")),
            condition: "malformed-request",
            log: "the PLAIN message has 1 NUL bytes instead of 2 (NUL user NUL password)"),
        Login(
            testDescription: "three NULs", auth: Words.auth(Words.base64("\0a\0b\0")),
            condition: "malformed-request", log: "the PLAIN message has 3 NUL bytes instead of 2"),
    ]

    @Test(
        "An app server's bad login gets its failure, and the log says why",
        arguments: appServerLogins)
    func appServer(login: Login) async throws {
        try await losesNothing { relay in
            let client = try await relay.appServerClient()
            try await client.send(Words.header + login.auth)
            let answer = try await client.untilClosed()
            #expect(answer.hasSuffix(Words.failure(login.condition)))
            #expect(try await relay.logged("login refused: " + login.log).level == .warning)
            #expect(try await relay.status.connections == 0)
        }
    }

    @Test("A device with a wrong security token is refused, and neither token is in the log")
    func wrongSecurityToken() async throws {
        try await losesNothing { relay in
            let first = try await relay.deviceClient()
            let (device, securityToken) = try await first.checkIn()
            try await first.hangUp()
            let second = try await relay.deviceClient()
            try await second.send(Words.header + Words.plain(device, "guessed-token"))
            let answer = try await second.untilClosed()
            #expect(answer.hasSuffix(Words.unknownDevice))
            try await relay.logged("refused: unknown device or wrong security token; check in anew")
            for line in relay.log.entries {
                #expect(!line.message.contains(securityToken))
                #expect(!line.message.contains("guessed-token"))
            }
        }
    }

    @Test("A peer that does not log in is hung up on, on either port", arguments: [true, false])
    func neverLogsIn(isDevice: Bool) async throws {
        try await losesNothing {
            $0.node.loginTimeout = .milliseconds(100)
        } _: { relay in
            let client = try await isDevice ? relay.deviceClient() : relay.appServerClient()
            try await client.send(Words.header)
            let answer = try await client.untilClosed()
            #expect(answer.contains("<connection-timeout "))
            try await relay.logged("no login within 0.1 s")
        }
    }

    @Test("A device that was never checked in is refused the same way")
    func unknownDevice() async throws {
        try await losesNothing { relay in
            let client = try await relay.deviceClient()
            try await client.send(Words.header + Words.plain("4711", "guessed-token"))
            let answer = try await client.untilClosed()
            #expect(answer.hasSuffix(Words.unknownDevice))
            try await relay.logged("unknown device or wrong security token; check in anew")
        }
    }
}
