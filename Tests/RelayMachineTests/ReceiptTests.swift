import CloudMessaging
import Testing

@testable import RelayMachine

@Suite("Delivery receipts")
struct ReceiptTests {
    let relay = RelayConversation()
    let phone: Phone
    let shop: ConnectionID

    init() {
        phone = relay.phone(senders: [.shop])
        phone.takesDeliveries()
        shop = relay.connect()
        relay.request("d-1", to: phone.token.text, on: shop, receipt: true)
        _ = relay.said()
    }

    private let receipt = MessagePair(token: .receipts, id: MessageID("dr2:d-1")!)

    @Test("The receipt is sent when the device has acknowledged, and its ACK settles it")
    func settled() {
        phone.confirms(1)
        #expect(relay.said() == ["dr2:d-1 → #1"])
        relay.acknowledge(receipt, on: shop)
        #expect(relay.counters.settled == 1)
        relay.advance(by: .seconds(600))
        #expect(relay.said() == [])
        #expect(relay.storedMessages == 0)
    }

    @Test("A receipt without an ACK is sent again, and an ACK without its dr2: settles nothing")
    func retried() {
        phone.confirms(1)
        relay.acknowledge(MessagePair(token: .receipts, id: MessageID("d-1")!), on: shop)
        relay.advance(by: .seconds(10))
        #expect(relay.said() == ["dr2:d-1 → #1", "406 for d-1 on #1", "dr2:d-1 → #1, attempt 2"])
    }

    @Test("A receipt waits for its sender, also over a crash of the relay")
    func waits() {
        relay.disconnect(shop)
        phone.confirms(1)
        relay.crash()
        _ = relay.said()
        relay.connect()
        #expect(relay.said() == ["dr2:d-1 → #2"])
    }
}
