import Foundation
import RealPrograms
import Testing

@Suite(
    "An app server on an XMPP library that nobody here wrote",
    .enabled(
        if: ForeignLibrary.arePrepared,
        "no .build/python or .build/interop here: `make test` prepares them"))
struct ForeignAppServerTests {
    private let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
    }

    @Test(
        "Upstream, downstream, NACK, receipt and draining over verified TLS; nothing comes twice",
        arguments: ForeignLibrary.allCases)
    func conversation(_ library: ForeignLibrary) async throws {
        let relay = try await RelayProgram(in: state)
        let device = try DeviceProgram(
            relay: relay.endpoints, app: "com.example.interop", state: state.file("device.db"))
        let token = try #require(try await device.event("registered").token)
        let appServer = try library.appServer(
            relay: relay.endpoints, ca: relay.endpoints.ca,
            requests: [
                request("d-1", to: token, #""data":{"text":"\#(Self.nastyText)"}"#),
                request("d-2", to: token, #""delivery_receipt_requested":true"#),
                request("d-3", to: "nobody", #""data":{"text":"lost"}"#),
            ],
            late: request("d-4", to: token, #""data":{"text":"too late"}"#))
        // slixmpp drops ACKs that it is given while it still begins its session.
        _ = try await appServer.event("connected")
        device.send(line: #"{"message_id":"held","data":{"hold":"until it drains"}}"#)
        for number in 1...40 {
            device.send(
                line: #"{"message_id":"<\#(number)> & é","data":{"text":"\#(Self.nastyText)"}}"#)
        }

        let metrics = try await relay.metrics(once: "settled", is: 41)
        #expect(metrics["accepted"] == 41)
        #expect(metrics["in_flight"] == 1)
        #expect(metrics["redeliveries"] == 0)
        #expect(metrics["requests_accepted"] == 2)
        #expect(metrics["nacks"] == 1)
        #expect(metrics["delivered"] == 2)
        #expect(metrics["receipts"] == 1)
        #expect(metrics["bad_acks"] == 0)
        #expect(metrics["rejected_acks"] == 0)

        relay.program.send(SIGTERM)
        #expect(try await appServer.program.exitStatus() == 0, "\(appServer.failure)")
        #expect(try await relay.program.exitStatus() == 128 + SIGTERM)
        try expectFrames(at: appServer, token: token)
        // The ACK that came only during draining has settled its message.
        #expect(try await relay.restarted().metrics()["queued"] == 0)
        _ = try await device.event("message_received") { $0.messageID == "d-2" }
        let received = device.eventsSoFar.filter { $0.event == "message_received" }
        #expect(received.map(\.messageID) == ["d-1", "d-2"])
        #expect(try received.first.map(text(in:)) == Self.nastyText)
    }

    @Test(
        "It does not log in where another authority has signed the certificate",
        arguments: ForeignLibrary.allCases)
    func otherAuthority(_ library: ForeignLibrary) async throws {
        let elsewhere = try TemporaryDirectory()
        let otherCA = try await RelayProgram(in: elsewhere).endpoints.ca
        let relay = try await RelayProgram(in: state)
        let appServer = try library.appServer(relay: relay.endpoints, ca: otherCA)
        #expect(try await appServer.program.exitStatus() == 1, "\(appServer.failure)")
        #expect(appServer.eventsSoFar.isEmpty)
        // It had a file to read, and nothing but the signature was wrong.
        withExtendedLifetime(elsewhere) {
            #expect(FileManager.default.fileExists(atPath: otherCA))
        }
    }

    // MARK: Support

    private static let nastyText = "<a> & 'b' 😀 ]]>"

    private func request(_ id: String, to address: String, _ members: String) -> String {
        #"{"to":"\#(address)","message_id":"\#(id)",\#(members)}"#
    }

    private func expectFrames(at appServer: ForeignAppServer, token: String) throws {
        let frames = Dictionary(grouping: appServer.eventsSoFar, by: \.event)
        #expect(Set(frames.keys) == ["connected", "upstream", "ack", "nack", "receipt", "control"])
        let upstream = frames["upstream"] ?? []
        #expect(upstream.map(\.messageID) == ["held"] + (1...40).map { "<\($0)> & é" })
        #expect(upstream.allSatisfy { $0.category == "com.example.interop" && $0.from == token })
        #expect(try upstream.dropFirst().allSatisfy { try text(in: $0) == Self.nastyText })
        #expect(frames["ack"]?.map(\.messageID) == ["d-1", "d-2"])
        #expect(frames["ack"]?.map(\.from) == [token, token])
        #expect(frames["nack"]?.map(\.messageID) == ["d-3", "d-4"])
        #expect(frames["nack"]?.map(\.error) == ["BAD_REGISTRATION", "CONNECTION_DRAINING"])
        #expect(frames["receipt"]?.map(\.messageID) == ["dr2:d-2"])
        #expect(frames["receipt"]?.map(\.from) == ["gcm.googleapis.com"])
        #expect(frames["control"]?.count == 1)
    }

    /// What `text` is in an event's data.
    private func text(in event: ProgramEvent) throws -> String? {
        struct Message: Decodable {
            let data: [String: String]
        }
        return try JSONDecoder().decode(Message.self, from: Data(event.line.utf8)).data["text"]
    }
}

extension ForeignAppServer {
    fileprivate var failure: ProgramFailure { program.failure("it failed") }
}
