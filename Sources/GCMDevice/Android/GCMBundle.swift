internal import CloudMessaging

/// The data of an Android app's message: strings by their names, as `Bundle.putString` fills them.
///
/// Names are told apart by their UTF-8 bytes: a composed and a decomposed "é" are two names, which
/// in a Swift dictionary they are not. The order is that of the first `putString` of each name.
public struct GCMBundle: Sendable {
    private var names: [String] = []
    private var values: [String] = []
    private var positions: [[UInt8]: Int] = [:]

    /// An empty bundle.
    public init() {}

    /// Puts a string under a name, in place of the one that is there.
    public mutating func putString(_ name: String, _ value: String) {
        let bytes = Array(name.utf8)
        if let position = positions[bytes] {
            values[position] = value
        } else {
            positions[bytes] = names.count
            names.append(name)
            values.append(value)
        }
    }

    /// The string under a name; nil when there is none.
    public func getString(_ name: String) -> String? {
        positions[Array(name.utf8)].map { values[$0] }
    }

    /// How many names there are.
    public var count: Int { names.count }

    /// Names and strings, in order.
    public var pairs: [(key: String, value: String)] {
        zip(names, values).map { (key: $0, value: $1) }
    }
}

extension GCMBundle: ExpressibleByDictionaryLiteral {
    /// Puts each value under its name; of two with the same name the later one stays.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { putString(name, value) }
    }
}
