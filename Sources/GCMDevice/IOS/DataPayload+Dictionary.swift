internal import CloudMessaging
internal import Foundation

extension DataPayload {
    /// The pairs of strings in a dictionary, ordered by the UTF-8 bytes of their keys so that
    /// every run sends the same text; all other pairs are ignored.
    init(strings dictionary: [AnyHashable: Any]) {
        let pairs = dictionary.compactMap { key, value in
            Self.string(key.base).flatMap { key in Self.string(value).map { (key, $0) } }
        }
        self.init(pairs.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
    }

    /// Foundation's strings are strings, too; Linux does not convert them by a cast.
    private static func string(_ value: Any) -> String? {
        value as? String ?? (value as? NSString).map { String($0) }
    }
}
