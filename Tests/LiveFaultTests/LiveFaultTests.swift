import FaultPlays
import Faults
import Testing

@Suite("What each fault does over real TLS", .serialized)
struct LiveFaultTests {
    private static let trust = Result { try LiveTrust() }

    @Test("A pair does what the manual says", arguments: FaultCase.all)
    func pair(_ expected: FaultCase) async throws {
        try await play(expected)
    }

    @Test(
        "So it does when each byte comes alone",
        arguments: FaultCase.all.filter { expected in
            switch expected.point {
            // Whoever still writes has a reset as an error of writing.
            case .upstreamAck: expected.deed != .reset
            // Draining, the first is answered before the second has come.
            case .downstreamStanza: expected.deed != .reset && expected.deed != .drain
            default: false
            }
        })
    func fragmented(_ expected: FaultCase) async throws {
        try await play(expected, in: .bytes)
    }

    private func play(_ expected: FaultCase, in pieces: WireClient.Pieces = .whole) async throws {
        let trust = try Self.trust.get()
        let play = try await LivePlay(expected.point, expected.deed, trust)
        let outcome = try await play.outcome(in: pieces, knocks: expected.deed == .silent) {
            $0.differences(from: expected) == []
        }
        var sound: [UInt8]?
        if expected.bytes != nil { sound = try await Self.soundBytes(of: play, outcome.heard) }
        try await play.end()
        #expect(outcome.differences(from: expected, sound: sound) == [])
    }

    /// What would have come without the fault.
    private static func soundBytes(
        of play: LivePlay, _ heard: Heard
    ) async throws -> [UInt8] {
        // What was not ACKed comes again, byte for byte; an answer comes once.
        guard play.point == .downstreamAnswer else {
            return try await play.again().bytesAfterBinding(named: heard)
        }
        let sound = try await LivePlay(play.point, nil, trust.get())
        let outcome = try await sound.outcome { $0.sights.count == 2 }
        try await sound.end()
        return outcome.heard.bytesAfterBinding
    }
}
