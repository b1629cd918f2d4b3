/// One comparison of an expression, such as `data.parcel~"^1"`.
package struct Comparison: Equatable, Sendable {
    package let field: MatchField
    package let sign: Sign
    /// What stands right of the sign.
    package let value: FieldValue
    /// Compiled, where the sign is `~`.
    private let pattern: Pattern?

    package enum Sign: String, Sendable, CaseIterable {
        case equal = "="
        /// True of a field that is absent, too: the same as `not` and `=`.
        case unequal = "!="
        /// The regular expression on the right matches somewhere in the field.
        case matches = "~"
        /// As numbers; false of what is none.
        case less = "<"
        case greater = ">"
    }

    init(_ field: MatchField, _ sign: Sign, _ value: FieldValue, pattern: Pattern? = nil) {
        self.field = field
        self.sign = sign
        self.value = value
        self.pattern = pattern
    }

    /// Whether it holds for a field's value; nil: the field is absent.
    func holds(for actual: FieldValue?) -> Bool {
        guard let actual else { return sign == .unequal }
        return switch sign {
        case .equal: actual == value
        case .unequal: actual != value
        case .matches: pattern?.matches(actual.text) ?? false
        case .less: compare(actual, <)
        case .greater: compare(actual, >)
        }
    }

    private func compare(_ actual: FieldValue, _ isOrdered: (Double, Double) -> Bool) -> Bool {
        guard let actual = actual.number, let bound = value.number else { return false }
        return isOrdered(actual, bound)
    }
}
