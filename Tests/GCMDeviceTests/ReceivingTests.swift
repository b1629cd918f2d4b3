import CloudMessaging
import NetworkRuntime
import Nodes
import Testing

@testable import GCMDevice

/// What the faces make of a downstream message; how it comes to the device is not their business.
@Suite("Downstream messages reach the apps", .timeLimit(.minutes(5)))
struct ReceivingTests {
    private func message(to app: String) throws -> DeliveredMessage {
        let data = #"{"k":"v","n":1.50,"o":{"a": [1]},"e":"\u00e9","half":"\ud800"}"#
        return DeliveredMessage(
            category: try #require(Category(app)), id: try #require(MessageID("d-900")),
            from: "555000111222", data: DataPayload(json: Array(data.utf8)),
            notification: DataPayload(json: Array(#"{"title":"T","badge":3}"#.utf8)),
            collapseKey: "score", contentAvailable: true)
    }

    @Test("an Android app gets a bundle of strings, and the notification as a bundle in it")
    func android() async throws {
        let trust = try TestTrust()
        let phone = try await Phone(.unconnected(trust))
        phone.device.tell(.received(try message(to: "com.example.pigeon")))
        phone.device.tell(.messagesDeleted(phone.category, total: 101))
        let received = await phone.app.received.wait(count: 2)
        guard case .message(let from, let data) = received.first else {
            Issue.record("\(phone.app.received.entries)")
            return
        }
        #expect(from == "555000111222")
        #expect(
            data.pairs.map { "\($0.key)=\($0.value)" } == [
                "k=v", "n=1.50", "o={\"a\": [1]}", "e=é", "half=\u{FFFD}",
                "google.message_id=d-900", "collapse_key=score",
            ])
        #expect(data.getString("notification") == nil)
        let notification = try #require(data.getBundle("notification"))
        #expect(notification.pairs.map { "\($0.key)=\($0.value)" } == ["title=T", "badge=3"])
        #expect(phone.app.received.entries.count == 2)
        guard case .deleted = phone.app.received.entries.last else {
            Issue.record("\(phone.app.received.entries)")
            return
        }
        await phone.device.close()
    }

    @Test("a plain message has no notification and no collapse key")
    func plain() throws {
        let message = DeliveredMessage(
            category: try #require(Category("a")), id: try #require(MessageID("1")),
            from: "/topics/news")
        #expect(GCMBundle(message).pairs.map(\.key) == ["google.message_id"])
        #expect(GCMBundle(message).getBundle("notification") == nil)
        let keys = message.userInfo.keys.compactMap { $0 as? String }
        #expect(keys.sorted() == ["from", "gcm.message_id"])
    }

    @Test("an iOS app gets a dictionary of strings, the notification as one in it, and aps")
    func ios() async throws {
        let trust = try TestTrust()
        let phone = try await IPhone(.unconnected(trust, platform: .ios))
        phone.device.tell(.received(try message(to: "com.example.dove")))
        let app = try #require(Category("com.example.dove"))
        phone.device.tell(.messagesDeleted(app, total: 101))
        #expect(
            await phone.app.received.wait(count: 2) == [
                "aps={content-available=1} collapse_key=score e=é from=555000111222 "
                    + "gcm.message_id=d-900 half=\u{FFFD} k=v n=1.50 "
                    + "notification={badge=3 title=T} o={\"a\": [1]}",
                "deleted",
            ])
        await phone.device.close()
    }

    @Test("a bundle keeps one value under a name")
    func bundle() {
        var bundle: GCMBundle = ["a": "1", "b": "2"]
        bundle.putBundle("a", ["c": "3"])
        #expect(bundle.getString("a") == nil)
        #expect(bundle.getBundle("a")?.getString("c") == "3")
        #expect(bundle.count == 2 && bundle.pairs.map(\.value) == ["2"])
        bundle.putString("a", "4")
        #expect(bundle.getBundle("a") == nil)
        #expect(bundle.pairs.map(\.value) == ["4", "2"])
    }
}

extension GCMDevice {
    /// Tells the apps as the device would: on its own thread, which attaches them, too. Told from
    /// another, an event could overtake one that the app is just given.
    fileprivate func tell(_ event: DeviceEvent) {
        runtime.execute { [apps] in apps.tell(event) }
    }
}
