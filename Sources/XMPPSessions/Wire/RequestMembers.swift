import CloudMessaging

/// The members of a request, as ranges of its JSON; the last of equal names counts.
struct RequestMembers {
    private let json: UnsafeBufferPointer<UInt8>
    private var values: [JSONValue?]

    /// Valid as long as the buffer is.
    init(_ json: UnsafeBufferPointer<UInt8>) {
        self.json = json
        values = Array(repeating: nil, count: RequestFrame.Member.allCases.count)
    }

    subscript(member: RequestFrame.Member) -> JSONValue? {
        get { values[member.index] }
        set { values[member.index] = newValue }
    }

    // MARK: Typed values; null counts as absent

    func string(_ member: RequestFrame.Member) throws(RequestFault) -> String? {
        guard let value = present(member) else { return nil }
        guard value.kind == .string, let text = JSONStrings.decode(value, in: json) else {
            throw .type(member, "java.lang.String", source(member))
        }
        return text
    }

    func boolean(_ member: RequestFrame.Member) throws(RequestFault) -> Bool? {
        guard let value = present(member) else { return nil }
        guard value.kind == .boolean else {
            throw .type(member, "java.lang.Boolean", source(member))
        }
        return json[value.range.lowerBound] == UInt8(ascii: "t")
    }

    /// A number, with or without a fraction: the caller judges it.
    func wholeNumber(_ member: RequestFrame.Member) throws(RequestFault) -> Double? {
        guard let value = present(member) else { return nil }
        guard value.kind == .number, let number = Double(source(member)) else {
            throw .type(member, "java.lang.Number", source(member))
        }
        return number
    }

    func requireObject(_ member: RequestFrame.Member) throws(RequestFault) {
        guard let value = present(member), value.kind != .object else { return }
        throw .type(member, "org.json.simple.JSONObject", source(member))
    }

    private func present(_ member: RequestFrame.Member) -> JSONValue? {
        self[member].flatMap { $0.kind == .null ? nil : $0 }
    }

    /// The value as it was written, a string without its quotes; cut where it gets long.
    func source(_ member: RequestFrame.Member) -> String {
        guard let value = self[member] else { return "" }
        let range = value.kind == .string ? value.content : value.range
        return String(decoding: json[range].prefix(64), as: UTF8.self)
    }

    // MARK: What the device gets

    private static let forTheDevice: [RequestFrame.Member] = [
        .data, .notification, .collapseKey, .priority, .contentAvailable, .mutableContent,
    ]

    /// The members that are for the device, as one JSON object, their values as they came.
    func content() -> [UInt8] {
        var content: [UInt8] = [UInt8(ascii: "{")]
        for member in Self.forTheDevice {
            guard let value = present(member) else { continue }
            if content.count > 1 { content.append(UInt8(ascii: ",")) }
            content += Array("\"\(member.rawValue)\":".utf8)
            content += json[value.range]
        }
        content.append(UInt8(ascii: "}"))
        return content
    }
}

extension RequestFrame.Member {
    fileprivate var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
