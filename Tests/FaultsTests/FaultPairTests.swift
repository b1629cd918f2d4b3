import CloudMessaging
import Faults
import Testing

extension FaultDeed.Name {
    /// The deed, with something for what it needs to know.
    var example: FaultDeed {
        switch self {
        case .drop: .drop
        case .delay: .delay(.seconds(2))
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .corrupt: .corrupt
        case .nack: .nack(code: "SERVICE_UNAVAILABLE")
        case .reset: .reset
        case .fin: .fin
        case .silent: .silent
        case .drain: .drain
        case .refuse: .refuse
        }
    }
}

@Suite("Which deed makes sense where")
struct FaultPairTests {
    /// As users are promised it: + makes sense.
    private static let table = """
                         drop delay duplicate reorder corrupt nack reset fin silent drain refuse
        upstream.stanza   +     +       +        +       +     -     +    +    +      +     -
        upstream.ack      +     +       +        +       +     +     +    +    +      +     -
        downstream.stanza +     +       +        +       +     +     +    +    +      +     -
        downstream.answer +     +       +        +       +     +     +    +    +      +     -
        receipt           +     +       +        +       +     -     +    +    +      +     -
        connection        -     +       -        -       -     -     +    +    +      +     +
        login             +     +       -        -       -     -     +    +    +      -     +
        """

    private static let pairs: [(FaultPoint, FaultDeed.Name, Bool)] = {
        let rows = table.split(separator: "\n").map { $0.split(separator: " ") }
        return rows.dropFirst().flatMap { row in
            zip(rows[0], row.dropFirst()).compactMap { deed, mark in
                guard let point = FaultPoint(rawValue: String(row[0])),
                    let deed = FaultDeed.Name(rawValue: String(deed))
                else { return nil }
                return (point, deed, mark == "+")
            }
        }
    }()

    @Test("The table has every pair")
    func complete() {
        #expect(Self.pairs.count == FaultPoint.allCases.count * FaultDeed.Name.allCases.count)
    }

    @Test("A pair is accepted, read from JSON, and bites, or is refused", arguments: pairs)
    func pair(point: FaultPoint, deed: FaultDeed.Name, makesSense: Bool) throws {
        var json = #"{"on":"\#(point.rawValue)","do":"\#(deed.rawValue)"#
        switch deed {
        case .delay: json += #"","delay":"2s"}"#
        case .nack: json += #"","code":"SERVICE_UNAVAILABLE"}"#
        default: json += #""}"#
        }
        guard makesSense else {
            let error = #expect(throws: FaultRuleError.self) {
                try FaultRule(json: Array(json.utf8))
            }
            #expect(
                error?.problem == "\(deed.rawValue) makes no sense on \(point.rawValue)")
            let remedy = try #require(error?.remedy)
            for (otherPoint, otherDeed, isKnown) in Self.pairs {
                if otherPoint == point, isKnown { #expect(remedy.contains(otherDeed.rawValue)) }
                if otherDeed == deed, isKnown { #expect(remedy.contains(otherPoint.rawValue)) }
            }
            return
        }
        let rule = try FaultRule(json: Array(json.utf8))
        #expect(rule == (try FaultRule(on: point, do: deed.example)))
        #expect(String(decoding: rule.json, as: UTF8.self) == json)
        #expect(try #require(FaultEffect.meaning(of: deed, at: point)).count > 10)

        var entropy = Entropy(seed: 1)
        var box = FaultBox(entropy: &entropy)
        try box.add(rule)
        for other in FaultPoint.allCases {
            #expect(box.isLive(at: other) == (other == point))
            let bites = box.bites(at: other, on: Fields([:]))
            #expect(bites.map(\.deed) == (other == point ? [deed.example] : []))
        }
    }

    @Test("The list of effects is the table")
    func list() {
        #expect(FaultEffect.all.count == Self.pairs.count { $0.2 })
    }
}
