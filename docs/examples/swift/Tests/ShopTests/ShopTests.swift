import GCMAppServer
import GCMTestSupport
import Testing

/// The app server under test: ACKs every delivery, and books each order once.
struct Shop {
    private(set) var deliveries = 0
    private(set) var parcels: [String] = []
    private var booked: Set<[String]> = []

    mutating func receive(_ order: GCMAppServer.UpstreamMessage) {
        deliveries += 1
        if booked.insert([order.from, order.messageID]).inserted {
            parcels.append(order.data["parcel"] ?? "")
        }
        order.ack()
    }
}

@Suite("The shop, against a relay in this process")
struct ShopTests {
    @Test("An order whose ACK is lost comes twice, and is booked once")
    func lostACK() async throws {
        try await TestRelay.run(.init(firstRetry: .milliseconds(200))) { relay in
            try await relay.addFault(.init(on: .upstreamAck, do: .drop, times: 1))
            try await relay.phone().send(["parcel": "17"], id: "m-1")

            var shop = Shop()
            let server = try GCMAppServer(relay.appServerConfiguration)
            async let running: Void = server.run()
            for await order in server.messages.prefix(2) { shop.receive(order) }

            #expect(try await relay.waitForAck(of: "m-1").attempts >= 2)
            #expect(shop.deliveries == 2)
            #expect(shop.parcels == ["17"])
            server.stop()
            try await running
        }
    }

    @Test("An order that comes while the shop is closed waits for it")
    func closedShop() async throws {
        try await TestRelay.run { relay in
            let phone = try await relay.phone(app: "com.example.courier")
            try await phone.send(["parcel": "18"], id: "m-2")
            let waiting = try await relay.messages(where: "state=queued")
            #expect(waiting.map(\.category) == ["com.example.courier"])

            let server = try GCMAppServer(relay.appServerConfiguration)
            async let running: Void = server.run()
            var orders = server.messages.makeAsyncIterator()
            let order = try #require(await orders.next())
            #expect(order.data["parcel"] == "18")
            order.ack()
            try await relay.waitForAck(of: "m-2")
            server.stop()
            try await running
        }
    }
}
