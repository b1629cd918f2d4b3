import CloudMessaging
import Foundation
import Testing

@testable import GCMDevice

@Suite("The iOS face", .timeLimit(.minutes(5)))
struct IOSFaceTests {
    @Test("a cached message: will at once, did when the relay has it, each once and in order")
    func willAndDid() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let phone = try await IPhone(relay.configuration(trust, platform: .ios))
        for id in messageIDs(1...3) {
            phone.service.sendMessage(["k": id], to: TestRelay.address, withID: id)
        }
        await phone.app.told.wait(count: 3)
        #expect(phone.app.told.entries == messageIDs(1...3).map { .will($0) })

        #expect(await phone.connect() == nil)
        let told = await phone.app.told.wait(count: 6)
        #expect(Array(told.dropFirst(3)) == messageIDs(1...3).map { .did($0) })
        #expect(await relay.deliveries.wait(count: 3).first?.category == "com.example.dove")
        #expect(await phone.connect()?.code == .alreadyConnected)
        await phone.service.teardown()
        try await relay.stop()
    }

    @Test("pairs that are not strings are ignored, the others keep their bytes")
    func pairs() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let phone = try await IPhone(relay.configuration(trust, platform: .ios))
        phone.service.connect()
        let dictionary: [AnyHashable: Any] = [
            "b": "2", "a": "1", "number": 5, 7: "seven", "data": Data([1]),
            "foundation": NSString(string: "3"),
        ]
        phone.service.sendMessage(dictionary, to: TestRelay.address, withID: "m-1")
        phone.service.sendMessage(["e\u{301}": "decomposed"], to: TestRelay.address, withID: "m-2")
        phone.service.sendMessage(["\u{E9}": "composed"], to: TestRelay.address, withID: "m-3")
        let data = await relay.deliveries.wait(count: 3).map {
            String(decoding: $0.data.json, as: UTF8.self).utf8.map { $0 }
        }
        let expected = [
            #"{"a":"1","b":"2","foundation":"3"}"#, "{\"e\u{301}\":\"decomposed\"}",
            "{\"\u{E9}\":\"composed\"}",
        ]
        #expect(data == expected.map { Array($0.utf8) })
        await phone.service.teardown()
        try await relay.stop()
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        var to = TestRelay.address
        var id = "m-1"
        var data = ["k": "v"]
        var timeToLive = -1
        let code: GCMServiceErrorCode
        var testDescription: String { name }
    }

    @Test(
        "a message that is not valid gets its number, and nothing else is told",
        arguments: [
            Refusal(name: "no address", to: "", code: .missingTo),
            Refusal(name: "unknown address", to: "4711@example.com", code: .invalidParameters),
            Refusal(name: "reserved key", data: ["google.x": "y"], code: .invalidParameters),
            Refusal(name: "no ID", id: "", code: .invalidParameters),
            Refusal(
                name: "4,097 bytes", data: ["k": String(repeating: "x", count: 4_096)],
                code: .sizeExceeded),
            Refusal(
                name: "fewer than 4,096 UTF-16 units, but more bytes",
                data: ["k": String(repeating: "ü", count: 2_048)], code: .sizeExceeded),
            Refusal(name: "now or never, offline", timeToLive: 0, code: .network),
        ])
    func refusals(_ refusal: Refusal) async throws {
        let trust = try TestTrust()
        let phone = try await IPhone(.unconnected(trust, platform: .ios))
        phone.service.sendMessage(
            refusal.data, to: refusal.to, timeToLive: refusal.timeToLive, withID: refusal.id)
        await phone.app.told.wait(count: 1)
        await phone.service.teardown()
        #expect(phone.app.told.entries == [.failed(refusal.id, refusal.code.rawValue)])
    }

    @Test("there is no limit of 20, and expiry has the number 1001")
    func expiry() async throws {
        let trust = try TestTrust()
        let phone = try await IPhone(.unconnected(trust, platform: .ios))
        for id in messageIDs(1...30) {
            phone.service.sendMessage(["k": "v"], to: TestRelay.address, timeToLive: 1, withID: id)
        }
        let told = await phone.app.told.wait(count: 60)
        #expect(told.filter(\.isWill) == messageIDs(1...30).map { .will($0) })
        #expect(told.filter { !$0.isWill } == messageIDs(1...30).map { .failed($0, 1001) })
        await phone.service.teardown()
    }

    @Test("a relay that is not there: the handler hears of it; a closed device saves nothing")
    func unreachable() async throws {
        let trust = try TestTrust()
        let phone = try await IPhone(.unconnected(trust, platform: .ios))
        let error = await phone.connect()
        #expect(error?.code == .network)
        #expect(error.map { ($0 as NSError).code } == 4)
        await phone.service.teardown()
        phone.service.sendMessage(["k": "v"], to: TestRelay.address, withID: "m-1")
        #expect(phone.app.told.entries == [.failed("m-1", 1004)])
    }
}
