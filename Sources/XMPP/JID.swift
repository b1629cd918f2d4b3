/// An XMPP address, `local@domain/resource` (RFC 7622), compared byte by byte.
///
/// The parts are checked, not normalised: what one side writes is what the other side gets.
package struct JID: Sendable {
    package let local: String?
    package let domain: String
    package let resource: String?

    /// Bytes that each part may have (RFC 7622 §3.1).
    package static let longestPart = 1023

    /// Makes an address of its parts.
    package init(
        local: String? = nil, domain: String, resource: String? = nil
    ) throws(JIDError) {
        if let local {
            try Self.check(local, .local)
            // RFC 7622 §3.3.1 names these eight.
            try Self.check(local, .local, excluding: "\"&'/:<>@")
        }
        try Self.check(domain, .domain)
        try Self.check(domain, .domain, excluding: "@/")
        if let resource { try Self.check(resource, .resource) }
        self.local = local
        self.domain = domain
        self.resource = resource
    }

    /// Reads an address. The first `/` starts the resource, which may hold `@` and more `/`.
    package init(parsing text: String) throws(JIDError) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        let address = parts[0].split(
            separator: UInt8(ascii: "@"), maxSplits: 1, omittingEmptySubsequences: false)
        try self.init(
            local: address.count == 2 ? String(Substring(address[0])) : nil,
            domain: String(Substring(address[address.count - 1])),
            resource: parts.count == 2 ? String(Substring(parts[1])) : nil)
    }

    /// The address without its resource.
    package var bare: JID {
        JID(unchecked: local, domain, nil)
    }

    private init(unchecked local: String?, _ domain: String, _ resource: String?) {
        self.local = local
        self.domain = domain
        self.resource = resource
    }

    private static func check(_ text: String, _ part: JIDError.Part) throws(JIDError) {
        guard !text.isEmpty else { throw .empty(part) }
        guard text.utf8.count <= longestPart else { throw .tooLong(part, bytes: text.utf8.count) }
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            // A resource may hold spaces (RFC 7622 §3.4), the other parts may not.
            if isControl || (scalar == " " && part != .resource) {
                throw .forbiddenCharacter(part, scalar)
            }
        }
    }

    private static func check(
        _ text: String, _ part: JIDError.Part, excluding forbidden: String
    ) throws(JIDError) {
        for scalar in text.unicodeScalars where forbidden.unicodeScalars.contains(scalar) {
            throw .forbiddenCharacter(part, scalar)
        }
    }
}

extension JID: Hashable {
    package static func == (left: JID, right: JID) -> Bool {
        left.local.hasSameBytes(as: right.local) && left.domain.hasSameBytes(as: right.domain)
            && left.resource.hasSameBytes(as: right.resource)
    }

    package func hash(into hasher: inout Hasher) {
        for part in [local, domain, resource] {
            // 0xFF occurs in no UTF-8, so that the parts cannot run into each other.
            for byte in (part ?? "").utf8 { hasher.combine(byte) }
            hasher.combine(0xFF as UInt8)
        }
    }
}

extension JID: CustomStringConvertible {
    package var description: String {
        (local.map { $0 + "@" } ?? "") + domain + (resource.map { "/" + $0 } ?? "")
    }
}
