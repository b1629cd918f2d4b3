internal import CloudMessaging
internal import Foundation

extension DataPayload {
    /// The pairs of strings in a dictionary, ordered by the UTF-8 bytes of their keys so that
    /// every run sends the same text; all other pairs are ignored, or their numbers become strings.
    init(
        strings dictionary: [AnyHashable: Any], otherValues: DeviceQuirks.OtherValues = .ignored
    ) {
        let pairs = dictionary.compactMap { key, value in
            Self.string(key.base).flatMap { key in
                let text =
                    Self.string(value)
                    ?? (otherValues == .stringified ? Self.number(value) : nil)
                return text.map { (key, $0) }
            }
        }
        self.init(pairs.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
    }

    /// Foundation's strings are strings, too; Linux does not convert them by a cast.
    private static func string(_ value: Any) -> String? {
        value as? String ?? (value as? NSString).map { String($0) }
    }

    /// A number as `NSNumber` writes it, which takes true and false for 1 and 0.
    private static func number(_ value: Any) -> String? {
        switch value {
        case let value as Bool: value ? "1" : "0"
        case let value as NSNumber: value.stringValue
        case let value as any BinaryInteger: "\(value)"
        case let value as Double: NSNumber(value: value).stringValue
        case let value as Float: NSNumber(value: value).stringValue
        default: nil
        }
    }
}
