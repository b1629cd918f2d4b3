import CloudMessaging
import Synchronization

/// A regular expression of Swift's dialect, compiled once.
///
/// Matching is by Unicode scalars, so that a composed and a decomposed "é" stay different. A `Regex`
/// fills in its program when it is first used, so two threads may not share one: the lock makes an
/// expression a value like any other.
final class Pattern: Equatable, Sendable {
    let text: String
    private let regex: Mutex<Regex<AnyRegexOutput>>

    /// Throws what is wrong with the text, as Swift says it.
    init(_ text: String) throws {
        self.text = text
        regex = Mutex(try Regex(text).matchingSemantics(.unicodeScalar))
    }

    /// Whether the expression matches somewhere in the text.
    func matches(_ text: String) -> Bool {
        regex.withLock { regex in
            (try? regex.firstMatch(in: text)) != nil
        }
    }

    static func == (left: Pattern, right: Pattern) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }
}
