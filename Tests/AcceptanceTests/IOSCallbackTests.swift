import GCMAppServer
import GCMDevice
import RelayMachine
import Testing

@Suite("What an iOS app is told", .timeLimit(.minutes(5)))
struct IOSCallbackTests {
    @Test("A-21 the delegate is the one that GCMConfig.receiverDelegate names")
    func delegate() async throws {
        try await withTown { town in
            let device = try await town.device(platform: .ios)
            let server = try await town.appServer()
            let named = IPhone.Delegate()
            let other = IPhone.Delegate()
            var config = GCMConfig(
                device: device, bundleIdentifier: Town.app, receiverDelegate: other)
            #expect(config.receiverDelegate === other)
            config.receiverDelegate = named
            let service = GCMService()
            try service.start(with: config)
            service.connect()
            service.sendMessage(["k": "v"], to: Town.address, withID: "m-1")
            let told = try await named.told.wait(for: "both callbacks") { $0.count >= 2 }
            #expect(told == [.will("m-1", nil), .did("m-1")])
            #expect(other.told.entries == [])

            // Without a delegate nobody is told, and the message travels all the same.
            let silent = GCMService()
            try silent.start(with: GCMConfig(device: device, bundleIdentifier: "com.example.owl"))
            silent.sendMessage([:], to: Town.address, withID: "m-2")
            #expect(try await server.receive(2).last?.category == "com.example.owl")
            #expect(named.told.entries.count == 2)
        }
    }

    @Test("A-22 will(id, nil) comes when a message is ready, before it is transmitted")
    func will() async throws {
        try await withTown { town in
            let phone = try await town.iPhone()
            phone.send("m-1")
            #expect(try await phone.wait(for: .will("m-1", nil)) == [.will("m-1", nil)])
            #expect(try await town.counters.accepted == 0)
            phone.service.connect()
            try await phone.wait(for: .did("m-1"))
            #expect(phone.told == [.will("m-1", nil), .did("m-1")])
        }
    }

    @Test("A-23 will(id, error) says with a code why a message cannot be sent")
    func willWithError() async throws {
        let large: [AnyHashable: Any] = ["k": String(repeating: "v", count: 4_096)]
        try await withTown { town in
            let phone = try await town.iPhone()
            phone.service.sendMessage([:], to: "", withID: "missing-to")
            phone.service.sendMessage([:], to: "nobody", withID: "address")
            phone.send("size", data: large)
            phone.send("reserved", data: ["google.x": "1"])
            phone.service.sendMessage([:], to: Town.address, timeToLive: 0, withID: "now")
            phone.service.sendMessage([:], to: Town.address, timeToLive: 1, withID: "late")
            try await phone.wait(for: .will("late", .upstreamServiceNotAvailable))
            #expect(
                phone.told == [
                    .will("missing-to", .missingTo), .will("address", .invalidParameters),
                    .will("size", .sizeExceeded), .will("reserved", .invalidParameters),
                    .will("now", .network), .will("late", nil),
                    .will("late", .upstreamServiceNotAvailable),
                ])
            let codes: [GCMServiceErrorCode] = [
                .upstreamServiceNotAvailable, .invalidParameters, .missingTo, .save, .sizeExceeded,
            ]
            #expect(codes.map(\.rawValue) == Array(1_001...1_005))

            phone.service.connect()
            phone.send("good")
            try await phone.wait(for: .did("good"))
            #expect(phone.told.count { if case .did = $0 { true } else { false } } == 1)
            #expect(try await town.counters.accepted == 1)
        }
    }

    @Test("A-24 did(id) comes once, after will, also when the upload had to be repeated")
    func did() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let link = try await town.deviceLink()
            let phone = try await town.iPhone(port: link.port)
            phone.service.connect()
            phone.send("m-1")
            try await phone.wait(for: .did("m-1"))

            link.lose(.toDevice)
            phone.send("m-2")
            try await server.receive(2)
            #expect(phone.told == [.will("m-1", nil), .did("m-1"), .will("m-2", nil)])
            try await link.cut()
            try await phone.wait(for: .did("m-2"))
            phone.send("m-3")
            try await phone.wait(for: .did("m-3"))
            #expect(
                phone.told == ["m-1", "m-2", "m-3"].flatMap { [.will($0, nil), .did($0)] })
        }
    }

    @Test("A-25 a message whose link breaks while it is sent is sent again, without an error")
    func retry() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let link = try await town.deviceLink()
            let phone = try await town.iPhone(port: link.port)
            phone.service.connect()
            phone.send("m-1")
            try await phone.wait(for: .did("m-1"))

            // Lost on its way to the relay.
            link.lose(.toRelay)
            phone.send("m-2")
            try await link.lost.wait(for: "upload on the link") { $0.contains(.toRelay) }
            #expect(try await town.counters.accepted == 1)
            try await link.cut()
            try await phone.wait(for: .did("m-2"))

            // Taken by the relay, whose answer is lost.
            link.lose(.toDevice)
            phone.send("m-3")
            try await server.receive(3)
            try await link.lost.wait(for: "answer on the link") { $0.contains(.toDevice) }
            #expect(phone.told.last == .will("m-3", nil))
            try await link.cut()
            try await phone.wait(for: .did("m-3"))

            #expect(!phone.told.contains { if case .will(_, .some) = $0 { true } else { false } })
            let counters = try await town.counters
            #expect(counters.accepted == 3)
            #expect(counters.duplicates == 1)
            #expect(server.received.map(\.messageID) == ["m-1", "m-2", "m-3"])
        }
    }
}
