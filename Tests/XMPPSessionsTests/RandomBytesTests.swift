import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Sessions and mutilated streams")
struct RandomBytesTests {
    /// What may stand anywhere in a mutilated stream.
    private static let scraps: [[UInt8]] =
        [
            "<", ">", "&", "\"", "'", "/", "\u{0}", "\\", "{", "}", ":", ",", "&lt;", "&#x1F600;",
            "&quot;", "]]>", "<![CDATA[", "<!DOCTYPE x>", "<!--", "<?x?>", "<message/>",
            "<presence/>", "</stream:stream>", "<r xmlns='urn:xmpp:sm:3'/>", Sample.header(),
            Sample.auth(), Sample.bind, "<enable xmlns='urn:xmpp:sm:3'/>", "\u{FFFE}", "\u{301}",
            "\"message_id\":7", "<stream:error/>", "</message>", "<x xmlns='urn:x'>", "\u{202E}",
        ].map { Array($0.utf8) } + [[0xC3], [0xFF], [0xED, 0xA0, 0x80]]

    /// One to four mutilations at places of chance.
    private func mutilate(_ bytes: [UInt8], _ entropy: inout Entropy) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &entropy) {
            let place = Int.random(in: 0..<bytes.count, using: &entropy)
            let end = min(bytes.count, place + Int.random(in: 1...30, using: &entropy))
            switch Int.random(in: 0..<5, using: &entropy) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: Self.scraps.randomElement(using: &entropy)!, at: place)
            case 2: bytes[place] = UInt8.random(in: 0...255, using: &entropy)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            default:
                let scrap = Self.scraps.randomElement(using: &entropy)!
                bytes.replaceSubrange(place..<end, with: scrap)
            }
            if bytes.isEmpty { bytes = [UInt8(ascii: " ")] }
        }
        return bytes
    }

    /// Whatever comes in: an event or patience, well-formed output, the same however it is cut.
    private func check(
        _ door: some Door, _ bytes: [UInt8], rounds: Int, seed: UInt64
    ) -> [String: Int] {
        var entropy = Entropy(seed: seed)
        var seen: [String: Int] = [:]
        for round in 0..<rounds {
            let stream = mutilate(bytes, &entropy)
            let whole = Transcript(door, [stream[...]])
            let cut = Int.random(in: 0..<stream.count, using: &entropy)
            let halves = Transcript(door, [stream[..<cut], stream[cut...]])
            #expect(halves == whole, "seed \(seed) round \(round)")
            #expect(throws: Never.self, "seed \(seed) round \(round)") {
                try ReadBack.stanzas(whole.output)
            }
            let ours = whole.events.first { $0.contains("internal-server-error") }
            #expect(ours == nil, "seed \(seed) round \(round)")
            for event in whole.events { seen[String(event.prefix { $0 != " " }), default: 0] += 1 }
        }
        return seen
    }

    /// All that a client writes in a good conversation.
    private func clientBytes() throws -> (appServer: [UInt8], device: [UInt8], relay: [UInt8]) {
        var appServer = Road(try AppServer(), AppServerDoor())
        appServer.settle()
        appServer.relay.session.transmit(try Sample.message(id: "e\u{301}<&\"\t"))
        appServer.relay.session.transmit(try Sample.message())
        appServer.settle()
        appServer.relay.session.announceDraining()
        appServer.relay.session.rejectAcknowledgement(try Sample.message().pair)
        appServer.settle()
        let requests =
            Sample.frame(#"{"to":"t","message_id":"1","data":{"a":"b"}}"#, id: "3")
            + "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq><presence/>"
            + Sample.frame(#"{"message_type":"ack"}"#) + "</stream:stream>"
        let device =
            DeviceDoor.opening.replacing(
                "<auth",
                with: "<iq type='get' id='c'><check-in xmlns='urn:gcm-simulator:device'/></iq><auth"
            )
            + "<enable xmlns='urn:xmpp:sm:3'/><iq type='set' id='r'>"
            + "<register xmlns='urn:gcm-simulator:device' app='a'><sender>5</sender></register>"
            + "</iq>" + DeviceDoor.upload(id: "u-1") + "<r xmlns='urn:xmpp:sm:3'/>"
            + DeviceDoor.upload(id: "u-2") + "</stream:stream>"
        return (appServer.up + Array(requests.utf8), Array(device.utf8), appServer.down)
    }

    @Test("The app-server door survives them", arguments: Profile.allCases)
    func appServerDoor(profile: Profile) throws {
        let bytes = try clientBytes().appServer
        let seen = check(AppServerDoor(profile: profile), bytes, rounds: 600, seed: 41)
        for event in [
            "login", "bound", "ack", "bad", "request", "unattributable:", "failed", "ended",
        ] {
            #expect((seen[event] ?? 0) > 5, "\(event)")
        }
    }

    @Test("The device door survives them")
    func deviceDoor() throws {
        let seen = check(DeviceDoor(), try clientBytes().device, rounds: 600, seed: 42)
        for event in [
            "check-in", "login", "bound", "register", "upload", "unusable", "failed", "ended",
        ] {
            #expect((seen[event] ?? 0) > 5, "\(event)")
        }
    }

    @Test("An app server survives them")
    func appServer() throws {
        let seen = check(try AppServer(), try clientBytes().relay, rounds: 600, seed: 43)
        for event in ["bound", "upstream", "refused", "draining", "failed"] {
            #expect((seen[event] ?? 0) > 5, "\(event)")
        }
    }

    @Test("A device survives them")
    func device() throws {
        var road = Road(Device(), DeviceDoor())
        road.settle()
        let bytes =
            road.down
            + Array(
                ("<a xmlns='urn:xmpp:sm:3' h='0'/><iq type='get' id='p'>"
                    + "<ping xmlns='urn:xmpp:ping'/></iq><message type='error' id='u-1'>"
                    + "<error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                    + "</error></message> </stream:stream>").utf8)
        let seen = check(Device(), bytes, rounds: 600, seed: 44)
        for event in ["opened", "checked", "ready", "taken", "refused", "failed", "ended"] {
            #expect((seen[event] ?? 0) > 5, "\(event)")
        }
    }
}
