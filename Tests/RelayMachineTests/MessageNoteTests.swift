import CloudMessaging
import Testing

@testable import RelayMachine

@Suite("Steps of messages")
struct MessageNoteTests {
    /// A message that is sent twice, and settled; what was told of it.
    private func notes(tellsMessages: Bool) -> [MessageNote] {
        let relay = RelayConversation {
            $0.retry.first = .seconds(1)
            $0.tellsMessages = tellsMessages
        }
        var notes: [MessageNote] = []
        relay.observer = { if case .tell(let note) = $0 { notes.append(note) } }
        let phone = relay.phone()
        let shop = relay.connect()
        phone.sends("m-1")
        relay.advance(by: .seconds(1))
        relay.acknowledge(phone.pair("m-1"), on: shop)
        return notes
    }

    @Test("Only whoever asks for them is told")
    func onlyIfAsked() {
        #expect(notes(tellsMessages: false).isEmpty)
        let words = notes(tellsMessages: true).map { note in
            switch note {
            case .made: "made"
            case .upstream(_, .queued(.stored)): "queued"
            case .upstream(_, .timerFired(_, let attempt, _)): "fired \(attempt)"
            case .upstream(_, .settled): "settled"
            default: "\(note)"
            }
        }
        #expect(words == ["made", "queued", "fired 1", "settled"])
    }
}
