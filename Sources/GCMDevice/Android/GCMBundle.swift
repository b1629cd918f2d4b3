internal import CloudMessaging

/// The data of an Android app's message: strings by their names, as `Bundle.putString` fills them,
/// and in a message that the app receives also a bundle, that of its notification.
///
/// Names are told apart by their UTF-8 bytes: a composed and a decomposed "é" are two names, which
/// in a Swift dictionary they are not. The order is that of the first `putString` of each name.
public struct GCMBundle: Sendable {
    private var names: [String] = []
    private var values: [Item] = []
    private var positions: [[UInt8]: Int] = [:]

    private enum Item: Sendable {
        case string(String)
        case bundle(GCMBundle)
    }

    /// An empty bundle.
    public init() {}

    /// Puts a string under a name, in place of what is there.
    public mutating func putString(_ name: String, _ value: String) {
        put(name, .string(value))
    }

    /// Puts a bundle under a name, in place of what is there. It cannot be sent: a message's data
    /// are its strings.
    public mutating func putBundle(_ name: String, _ value: GCMBundle) {
        put(name, .bundle(value))
    }

    private mutating func put(_ name: String, _ value: Item) {
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
        guard let position = positions[Array(name.utf8)],
            case .string(let string) = values[position]
        else { return nil }
        return string
    }

    /// The bundle under a name; nil when there is none.
    public func getBundle(_ name: String) -> GCMBundle? {
        guard let position = positions[Array(name.utf8)],
            case .bundle(let bundle) = values[position]
        else { return nil }
        return bundle
    }

    /// How many names there are.
    public var count: Int { names.count }

    /// Names and strings, in order.
    public var pairs: [(key: String, value: String)] {
        zip(names, values).compactMap { name, value in
            guard case .string(let string) = value else { return nil }
            return (key: name, value: string)
        }
    }
}

extension GCMBundle: ExpressibleByDictionaryLiteral {
    /// Puts each value under its name; of two with the same name the later one stays.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { putString(name, value) }
    }
}
