import GCMAppServer
import GCMDevice
import RelayMachine
import RelayService
import Testing

@Suite("What an upstream request contains", .timeLimit(.minutes(5)))
struct UpstreamRequestTests {
    @Test("A-03 a message needs the address of an app server")
    func address() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            for missing in [nil, ""] {
                let error = await #expect(throws: GoogleCloudMessagingError.self) {
                    try await phone.gcm.send(to: missing, messageID: "nowhere", data: [:])
                }
                #expect(error?.code == .illegalArgument)
                #expect(error?.description == "Missing 'to'")
            }
            let strangers = [Town.sender, "\(Town.sender)@example.com", "@gcm.googleapis.com"]
            for (number, stranger) in strangers.enumerated() {
                try await phone.gcm.send(to: stranger, messageID: "s-\(number)", data: [:])
                try await phone.wait(for: .error("s-\(number)", "invalid_parameters"))
            }
            for domain in ["gcm.googleapis.com", "fcm.googleapis.com"] {
                try await phone.gcm.send(
                    to: "\(Town.sender)@\(domain)", messageID: domain, data: [:])
            }
            let ids = try await server.receive(2).map(\.messageID)
            #expect(ids == ["gcm.googleapis.com", "fcm.googleapis.com"])
        }
    }

    @Test("A-04 a message ID arrives with the same bytes, and may repeat")
    func messageID() async throws {
        let ids = [
            "1", "caf\u{E9}", "cafe\u{301}", "<&>\"'", "\u{202E}🕊",
            String(repeating: "m", count: 256),
            "1", "1",
        ]
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            for id in ids { try await phone.send(id) }

            let received = try await server.receive(ids.count)
            #expect(
                Set(received.map { Array($0.messageID.utf8) }) == Set(ids.map { Array($0.utf8) }))
            #expect(received.count { $0.messageID == "1" } == 3)
            let told = try await phone.wait(count: ids.count)
            #expect(told.allSatisfy { if case .sent = $0 { true } else { false } })
            #expect(try await town.counters.accepted == ids.count)
        }
    }

    @Test("A-05 keys and values arrive with the same bytes, in their order")
    func data() async throws {
        let pairs = [
            ("my_message", "Hello World"), ("", ""), ("markup", "<a b=\"c\">&amp;'</a>"),
            ("control", "\u{1}\t\r\n\u{7F}"), ("caf\u{E9}", "composed"),
            ("cafe\u{301}", "decomposed"), ("עברית", "\u{202E}🕊\u{FFFF}"),
        ]
        var bundle = GCMBundle()
        for (key, value) in pairs { bundle.putString(key, value) }
        var full = GCMBundle()
        full.putString("k", String(repeating: "v", count: 4_095))
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("pairs", data: bundle)
            try await phone.send("full", data: full)
            try await phone.send("none", data: [:])

            let received = try await server.receive(3)
            #expect(received[0].pairBytes == pairs.map { [Array($0.0.utf8), Array($0.1.utf8)] })
            #expect(received[1].data["k"]?.utf8.count == 4_095)
            #expect(received[2].data.json == Array("{}".utf8))
        }
    }

    @Test("A-06 the relay sets from and category; no app or device can forge them")
    func origin() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            phone.device.connect()
            try await phone.send("forged", data: ["from": "somebody"])
            try await phone.wait(for: .error("forged", "invalid_parameters"))
            try await phone.send("m-1")
            let message = try #require(try await server.receive(1).first)
            let token = try await phone.gcm.register(Town.sender)
            #expect(message.from == token)
            #expect(message.category == Town.app)

            let forger = try await town.wire(to: town.ports.device)
            let own = try await forger.logInAsDevice(registering: "com.example.forger")
            #expect(!own.isEmpty && own != token)
            let attempts = [
                #""app":"com.example.forger","from":"\#(token)""#,
                #""app":"com.example.forger","category":"\#(Town.app)""#,
                #""app":"\#(Town.app)""#,
            ]
            for (number, claims) in attempts.enumerated() {
                try await forger.upload(
                    "u-\(number)", json: #"{\#(claims),"message_id":"forged","data":{}}"#)
                let refusal = try await forger.stanza()
                #expect(refusal.contains(#"type="error""#))
                #expect(refusal.contains(#"id="u-\#(number)""#))
                #expect(refusal.contains(#"code="invalid_parameters""#))
            }
            try await forger.upload(
                "u-9", json: #"{"app":"com.example.forger","message_id":"honest","data":{}}"#)
            let honest = try await server.receive(2)[1]
            #expect(honest.messageID == "honest")
            #expect(honest.from == own)
            #expect(honest.category == "com.example.forger")
            #expect(try await town.counters.refused == attempts.count)
        }
    }
}
