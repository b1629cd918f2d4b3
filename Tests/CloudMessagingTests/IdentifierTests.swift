import CloudMessaging
import Testing

@Suite("Names and their bounds")
struct IdentifierTests {
    private func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    @Test("Each name may be as long as its limit and no longer")
    func lengths() {
        let makers: [(limit: ClosedRange<Int>, isAccepted: (String) -> Bool)] = [
            (Limits.senderIDBytes, { SenderID($0) != nil }),
            (Limits.messageIDBytes, { MessageID($0) != nil }),
            (Limits.categoryBytes, { Category($0) != nil }),
            (Limits.uploadIDBytes, { UploadID($0) != nil }),
        ]
        for (limit, isAccepted) in makers {
            #expect(!isAccepted(text(limit.lowerBound - 1)))
            #expect(isAccepted(text(limit.lowerBound)))
            #expect(isAccepted(text(limit.upperBound)))
            #expect(!isAccepted(text(limit.upperBound + 1)))
        }
    }

    @Test("Lengths count UTF-8 bytes, not characters")
    func bytes() {
        #expect(MessageID(String(repeating: "\u{E9}", count: 128)) != nil)
        #expect(MessageID(String(repeating: "\u{E9}", count: 128) + "x") == nil)
        #expect(Category(String(repeating: "🚚", count: 63)) != nil)
        #expect(Category(String(repeating: "🚚", count: 64)) == nil)
    }

    @Test(
        "A sender ID is the local part of a JID",
        arguments: [
            ("555000111222", true), ("a.B_c-9", true), ("a b", false), ("a@b", false),
            ("a/b", false), ("\u{E9}", false), ("٣", false), ("<", false), ("a\0", false),
        ])
    func senderID(text: String, isAccepted: Bool) {
        #expect((SenderID(text) != nil) == isAccepted)
    }

    @Test(
        "An ID holds only what XML can carry",
        arguments: [
            ("m-1", true), ("<&>\"'", true), (" \t\n\r", true), ("🚚", true), ("\u{7F}\u{80}", true),
            ("\u{FFFD}\u{E000}", true), ("a\0", false), ("\u{B}", false), ("\u{1F}", false),
            ("\u{FFFE}", false), ("\u{FFFF}", false),
        ])
    func allowedInXML(text: String, isAccepted: Bool) {
        #expect((MessageID(text) != nil) == isAccepted)
        #expect((Category(text) != nil) == isAccepted)
    }

    @Test(
        "An upload ID is printable ASCII without spaces",
        arguments: [
            ("!~", true), ("0:17%dead", true), ("a b", false), ("a\t", false), ("\u{7F}", false),
            ("\u{E9}", false),
        ])
    func uploadID(text: String, isAccepted: Bool) {
        #expect((UploadID(text) != nil) == isAccepted)
    }

    @Test("Composed and decomposed forms are different names")
    func canonicalEquivalence() throws {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        // Swift's own opinion, which the protocol does not share.
        #expect(composed == decomposed)
        #expect(MessageID(composed) != MessageID(decomposed))
        #expect(Category(composed) != Category(decomposed))
        #expect(RegistrationToken(composed) != RegistrationToken(decomposed))
        #expect(!composed.hasSameBytes(as: decomposed))
        let ids = try [composed, decomposed, composed].map { try #require(MessageID($0)) }
        #expect(Set(ids).count == 2)
    }

    @Test(
        "A device ID is a positive number in its one decimal form",
        arguments: [
            ("1", 1), ("4242", 4242), ("9223372036854775807", Int64.max), ("0", nil), ("-1", nil),
            ("+1", nil), ("007", nil), ("", nil), ("1 ", nil), ("1x", nil), ("٣", nil),
            ("9223372036854775808", nil),
        ] as [(String, Int64?)])
    func deviceID(text: String, value: Int64?) {
        #expect(DeviceID(text)?.rawValue == value)
    }

    @Test(
        "An address names an app server, or nothing",
        arguments: [
            ("4711@gcm.googleapis.com", "4711"), ("4711@fcm.googleapis.com", "4711"),
            ("4711@gcm-preprod.googleapis.com", "4711"), ("my-app@GCM.GoogleAPIs.com", "my-app"),
            ("4711", nil), ("", nil), ("@gcm.googleapis.com", nil), ("4711@", nil),
            ("4711@example.com", nil), ("4711@gcm.googleapis.com/x", nil),
            ("4711@@gcm.googleapis.com", nil), ("a@b@gcm.googleapis.com", nil),
            ("4711 @gcm.googleapis.com", nil), ("4711@gcm.googleapis.com ", nil),
            ("47\u{E9}@gcm.googleapis.com", nil), ("4711@gcm.googleapis.com\0", nil),
        ] as [(String, String?)])
    func address(text: String, sender: String?) {
        #expect(UpstreamAddress.senderID(in: text)?.text == sender)
    }

    @Test("A key takes sender, lane and sequence apart again, and sorts by all three")
    func messageKeys() {
        let last = Int64(1) << 40 - 1
        var keys: [MessageKey] = []
        for sender in [0, 1, Int32(1) << 19 - 1] {
            for index in [0, Limits.lanesPerSender - 1] {
                let lane = LaneID(sender: SenderNumber(rawValue: sender), index: index)
                #expect(lane.sender.rawValue == sender && lane.index == index)
                for sequence in [1, last] {
                    let key = MessageKey(lane: lane, sequence: sequence)
                    #expect(key.lane == lane && key.sequence == sequence && key.rawValue > 0)
                    #expect(lane.start < key && key <= lane.end)
                    keys.append(key)
                }
            }
        }
        #expect(keys == keys.sorted())
    }

    @Test("topic names have the documented characters, and 900 bytes at most")
    func topicNames() {
        let longest = String(repeating: "x", count: 900)
        for name in ["a", "A-9_.~%", longest] {
            #expect(TopicName(name)?.text == name)
            #expect(TopicName(address: "/topics/" + name)?.address == "/topics/" + name)
        }
        for name in ["", "a b", "a/b", "é", "'", longest + "x", "/topics/a"] {
            #expect(TopicName(name) == nil, "\(name)")
            #expect(TopicName(address: "/topics/" + name) == nil, "\(name)")
        }
        for address in ["a", "/topics", "/Topics/a", "topics/a", ""] {
            #expect(TopicName(address: address) == nil, "\(address)")
        }
    }
}
