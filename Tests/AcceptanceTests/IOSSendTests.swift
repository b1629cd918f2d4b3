import Foundation
import GCMAppServer
import GCMDevice
import RelayMachine
import Testing

@Suite("Sending from an iOS app", .timeLimit(.minutes(5)))
struct IOSSendTests {
    @Test("A-16 sendMessage(_:to:withID:) sends a message under the iOS library's names")
    func send() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.iPhone()
            phone.service.connect()
            phone.service.sendMessage(
                ["user": "4711", "hello": "world"], to: Town.address, withID: "0")
            phone.service.sendMessage(
                ["hello": "again"], to: Town.address, timeToLive: 60, withID: "1")

            let received = try await server.receive(2)
            #expect(received.map(\.messageID) == ["0", "1"])
            #expect(received.map(\.category) == [Town.app, Town.app])
            #expect(received[0].data.dictionary == ["user": "4711", "hello": "world"])
            #expect(received[0].timeToLive == 86_400)
            let timeToLive = try #require(received[1].timeToLive)
            #expect((50...60).contains(timeToLive))
        }
    }

    @Test("A-17 every callback names the message by the ID that the app gave it")
    func callbackIDs() async throws {
        let ids = ["1", "caf\u{E9}", "cafe\u{301}", "🕊 <&>"]
        try await withTown { town in
            let phone = try await town.iPhone()
            phone.service.connect()
            for id in ids { phone.send(id) }
            phone.send("", "last")
            try await phone.wait(for: .will("", .invalidParameters), .did("last"))
            let sent = phone.told.filter { if case .did = $0 { true } else { false } }
            #expect(
                sent.map { Array($0.messageID.utf8) }
                    == (ids + ["last"]).map { Array($0.utf8) })
            let processed = phone.told.filter { if case .will = $0 { true } else { false } }
            // A refusal may overtake those that are still being saved.
            #expect(processed.count == ids.count + 2)
            #expect(
                Set(processed.map { Array($0.messageID.utf8) })
                    == Set((ids + ["", "last"]).map { Array($0.utf8) }))
        }
    }

    @Test("A-18 pairs whose key or value is no string are ignored, the others sent")
    func onlyStrings() async throws {
        let message: [AnyHashable: Any] = [
            "user": "pigeon", "hello": "world", "count": 7, "ratio": 0.5, "isNew": true,
            "raw": Data([1]), "list": ["a"], "nested": ["k": "v"], 5: "five",
        ]
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.iPhone()
            phone.service.connect()
            phone.send("m-1", data: message)
            phone.send("m-2", data: ["count": 7])
            let received = try await server.receive(2)
            #expect(received[0].data.json == Array(#"{"hello":"world","user":"pigeon"}"#.utf8))
            #expect(received[1].data.json == Array("{}".utf8))
            #expect(!phone.told.contains { if case .will(_, .some) = $0 { true } else { false } })
        }
    }

    @Test("A-19 the library keeps messages, and sends them when it has a connection")
    func cached() async throws {
        // More than 20: the guide names that limit for Android only.
        let ids = (1...25).map { "m-\($0)" }
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.iPhone()
            for id in ids { phone.send(id) }
            try await phone.wait(for: .will("m-25", nil))
            #expect(phone.told == ids.map { .will($0, nil) })
            await phone.device.close()
            #expect(try await town.counters.accepted == 0)

            let nextLife = try await town.iPhone()
            nextLife.service.connect()
            #expect(try await server.receive(ids.count).map(\.messageID) == ids)
            try await nextLife.wait(for: .did("m-25"))
            #expect(nextLife.told == ids.map { .did($0) })
        }
    }
}
