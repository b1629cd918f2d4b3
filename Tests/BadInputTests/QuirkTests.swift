import CloudMessaging
import NetworkRuntime
import Nodes
import RelayMachine
import RelayService
import Testing
import XMPPSessions

/// Quirks that the driver has a hand in, over real TLS.
@Suite("Quirks on real connections")
struct QuirkTests {
    @Test("over-connection-limit: one too many is told, or only sent away")
    func overConnectionLimit() async throws {
        for value in WireQuirks.OverConnectionLimit.allCases {
            let relay = try await TestRelay {
                $0.node.machine.maxConnections = 1
                $0.node.wire.overConnectionLimit = value
            }
            let first = try await relay.appServerClient()
            try await first.logInAsAppServer()
            let second = try await relay.appServerClient()
            try await second.logInAsAppServer()
            let heard = try await second.untilClosed()
            #expect(heard.contains("<policy-violation ") == (value == .policyViolation))
            #expect(heard.hasSuffix("</stream:stream>"))
            _ = try await relay.logged("the sender has as many connections as it may")
            try await first.hangUp()
            try await relay.shutdown()
        }
    }

    @Test("idle-timeout: who says nothing is sent away, with a line in the log")
    func idleTimeout() async throws {
        let relay = try await TestRelay {
            // Long enough to log in while other tests want the processors.
            $0.node.machine.quirks.idleTimeout = .seconds(2)
        }
        let client = try await relay.appServerClient()
        try await client.logInAsAppServer()
        #expect(try await client.untilClosed().hasSuffix("</stream:stream>"))
        _ = try await relay.logged("it sent nothing, not even a blank")
        try await relay.shutdown()
    }

    @Test("--keepalive: a silent connection gets a blank by then, each time anew")
    func keepalive() async throws {
        let relay = try await TestRelay { $0.node.keepalive = .milliseconds(200) }
        let client = try await relay.appServerClient()
        try await client.logInAsAppServer()
        try await client.wait(for: "  ")
        let blanks = client.text.reversed().prefix { $0 == " " }.count
        #expect(blanks >= 2 && client.text.dropLast(blanks).hasSuffix("</iq>"), "\(client.text)")
        try await client.hangUp()
        try await relay.shutdown()
    }

    @Test("after-login-failure: with keep-open the second attempt logs in")
    func afterLoginFailure() async throws {
        let relay = try await TestRelay { $0.node.wire.afterLoginFailure = .keepOpen }
        let client = try await relay.appServerClient()
        try await client.send(Words.header + Words.plain(TestRelay.sender.text, "wrong"))
        try await client.wait(for: "<not-authorized/></failure>")
        try await client.send(Words.plain(TestRelay.sender.text, TestRelay.key))
        try await client.wait(for: "<success")
        try await client.hangUp()
        try await relay.shutdown()
    }
}
