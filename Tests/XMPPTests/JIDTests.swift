import Testing

@testable import XMPP

@Suite("Addresses")
struct JIDTests {
    @Test(
        "Addresses are taken apart and put together again",
        arguments: [
            ("gcm.googleapis.com", nil, "gcm.googleapis.com", nil),
            ("42@gcm.googleapis.com", "42", "gcm.googleapis.com", nil),
            ("42@gcm.googleapis.com/3F90A1C7", "42", "gcm.googleapis.com", "3F90A1C7"),
            ("a.b/c@d/e f", nil, "a.b", "c@d/e f"),
            ("\u{E9}@x/\u{1F4E6}", "\u{E9}", "x", "\u{1F4E6}"), ("[::1]", nil, "[::1]", nil),
        ] as [(String, String?, String, String?)])
    func parts(text: String, local: String?, domain: String, resource: String?) throws {
        let jid = try JID(parsing: text)
        #expect(jid.local == local)
        #expect(jid.domain == domain)
        #expect(jid.resource == resource)
        #expect(jid.description == text)
        #expect(try jid == JID(local: local, domain: domain, resource: resource))
    }

    @Test(
        "What is no address says why",
        arguments: [
            ("", JIDError.empty(.domain)), ("@x", .empty(.local)), ("a@", .empty(.domain)),
            ("x/", .empty(.resource)), ("/x", .empty(.domain)),
            ("a@b@c", .forbiddenCharacter(.domain, "@")),
            ("a b@c", .forbiddenCharacter(.local, " ")),
            ("a:b@c", .forbiddenCharacter(.local, ":")),
            ("fcm xmpp", .forbiddenCharacter(.domain, " ")),
            ("x/a\u{7}", .forbiddenCharacter(.resource, "\u{7}")),
        ])
    func refused(text: String, error: JIDError) {
        #expect(throws: error) { try JID(parsing: text) }
    }

    @Test("Each part may have 1,023 bytes and not one more")
    func bounds() throws {
        let longest = String(repeating: "a", count: 1_023)
        let jid = try JID(local: longest, domain: longest, resource: longest)
        #expect(jid.description.utf8.count == 3 * 1_023 + 2)
        #expect(throws: JIDError.tooLong(.local, bytes: 1_024)) {
            try JID(local: longest + "a", domain: "x")
        }
        #expect(throws: JIDError.tooLong(.domain, bytes: 1_024)) {
            try JID(domain: longest + "a")
        }
        #expect(throws: JIDError.tooLong(.resource, bytes: 1_025)) {
            try JID(domain: "x", resource: longest.dropLast() + "\u{20AC}")
        }
    }

    @Test("Bytes decide, not what letters look like")
    func equality() throws {
        let composed = try JID(parsing: "\u{E9}@x")
        let decomposed = try JID(parsing: "e\u{301}@x")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(try JID(parsing: "a@x/y").bare == JID(parsing: "a@x"))
    }

    @Test("Errors are sentences")
    func sentences() {
        #expect(
            JIDError.forbiddenCharacter(.local, ":").description
                == "U+003A is not allowed in the local part of an address")
        #expect(JIDError.empty(.domain).description == "the domain of the address is empty")
    }
}
