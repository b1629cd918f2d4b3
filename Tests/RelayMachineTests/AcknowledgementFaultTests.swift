import CloudMessaging
import Testing

@testable import RelayMachine

/// What the relay finds wrong with an ACK that settles nothing.
@Suite("Faults of ACKs")
struct AcknowledgementFaultTests {
    let relay = RelayConversation()
    let phone: Phone
    let shop: ConnectionID

    init() {
        phone = relay.phone()
        phone.takesDeliveries()
        shop = relay.connect()
    }

    private func fault(
        of pair: MessagePair, on connection: ConnectionID? = nil
    ) -> AcknowledgementFault? {
        relay.acknowledge(pair, on: connection ?? shop)
        guard case .uselessAcknowledgement(_, let fault, _)? = relay.notes.last else { return nil }
        return fault
    }

    private func pair(_ token: String, _ id: String) -> MessagePair {
        MessagePair(token: RegistrationToken(token), id: MessageID(id)!)
    }

    @Test("The connection that carries the message is named")
    func wrongConnection() {
        phone.sends("a")
        let second = relay.connect()
        #expect(fault(of: phone.pair("a"), on: second) == .wrongConnection(carrier: shop))
    }

    @Test("A message whose connection was lost is about to come again")
    func tooLate() {
        let relay = RelayConversation { $0.redelivery = .timer }
        let phone = relay.phone()
        let (first, second) = (relay.connect(), relay.connect())
        phone.sends("a")
        let carrier = relay.window(of: first) == 1 ? first : second
        relay.disconnect(carrier)
        relay.acknowledge(phone.pair("a"), on: carrier == first ? second : first)
        guard case .uselessAcknowledgement(_, let fault, _)? = relay.notes.last else {
            Issue.record("no note")
            return
        }
        #expect(fault == .tooLate)
    }

    @Test("A wrong \"to\" is told from a wrong ID")
    func wrongAddressee() {
        phone.sends("a")
        #expect(fault(of: pair("other", "a")) == .wrongAddressee(expected: phone.token))
        #expect(fault(of: phone.pair("b")) == .unknownMessage)
    }

    @Test("A receipt's ID without its prefix", arguments: ["gcm.googleapis.com", "token"])
    func strippedPrefix(to: String) {
        relay.request("d-1", to: phone.token.text, on: shop, receipt: true)
        phone.confirms(1)
        #expect(
            fault(of: pair(to, "d-1")) == .strippedPrefix(expected: MessageID("dr2:d-1")!))
        relay.acknowledge(pair("gcm.googleapis.com", "dr2:d-1"), on: shop)
        #expect(relay.counters.settled == 1)
    }

    @Test("An ACK of an answer, of one of the last hundred")
    func ofAnswer() {
        for index in 0...100 { relay.request("d-\(index)", to: phone.token.text, on: shop) }
        #expect(fault(of: phone.pair("d-1")) == .ofAnswer)
        #expect(fault(of: phone.pair("d-100")) == .ofAnswer)
        #expect(fault(of: phone.pair("d-0")) == .unknownMessage)
        let other = relay.connect()
        #expect(fault(of: phone.pair("d-1"), on: other) == .unknownMessage)
    }

    @Test("A message that was ACKed before is unknown")
    func repeated() {
        phone.sends("a")
        relay.acknowledge(phone.pair("a"), on: shop)
        #expect(fault(of: phone.pair("a")) == .unknownMessage)
    }
}
