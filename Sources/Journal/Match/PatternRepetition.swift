/// Finds repetitions inside of repetitions: to find out that `(a+)+b` does not match takes twice as
/// long with each further `a`, and whoever asks is held up for ever.
///
/// It knows of the syntax what it needs, and errs towards refusing: of `(x|y)*` it takes the
/// branches apart by their first characters, and of nothing else.
struct PatternRepetition {
    private var rest: Substring.UnicodeScalarView
    private(set) var isNested = false

    init(_ pattern: String) {
        rest = pattern[...].unicodeScalars
        repeat { _ = branches() } while rest.popFirst() != nil
    }

    /// Reads up to the parenthesis that closes the group, or to the end.
    ///
    /// - Returns: whether the same text can be matched in several ways.
    private mutating func branches() -> Bool {
        var isAmbiguous = false
        var starts: [Unicode.Scalar?] = []
        repeat {
            starts.append(rest.first.flatMap { Self.isLiteral($0) ? $0 : nil })
            if branch() { isAmbiguous = true }
        } while takes("|")
        let differ = Set(starts.compactMap(\.self)).count == starts.count
        return isAmbiguous || starts.count > 1 && !differ
    }

    private mutating func branch() -> Bool {
        var isAmbiguous = false
        while let scalar = rest.first, scalar != ")", scalar != "|" {
            rest.removeFirst()
            let isAtomAmbiguous = atom(scalar)
            let quantifier = quantifier()
            if quantifier == .many, isAtomAmbiguous { isNested = true }
            if isAtomAmbiguous || quantifier.isVariable { isAmbiguous = true }
        }
        return isAmbiguous
    }

    private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    /// Reads the rest of what a scalar begins.
    ///
    /// - Returns: whether the same text can be matched in several ways.
    private mutating func atom(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "(":
            skipKind()
            defer { _ = takes(")") }
            return branches()
        case "[":
            skipClass()
        case "\\":
            rest = rest.dropFirst()
        default:
            break
        }
        return false
    }

    /// `?:`, `?<name>`, `?=` and the like.
    private mutating func skipKind() {
        guard takes("?") else { return }
        if takes("<") || takes("P"), let end = rest.firstIndex(of: ">") {
            rest = rest[rest.index(after: end)...]
        } else {
            rest = rest.dropFirst()
        }
    }

    private mutating func skipClass() {
        var depth = 1
        while depth > 0, let scalar = rest.popFirst() {
            switch scalar {
            case "\\": rest = rest.dropFirst()
            case "[": depth += 1
            case "]": depth -= 1
            default: break
            }
        }
    }

    private enum Quantifier {
        case once
        case exactly
        case optional
        case many

        var isVariable: Bool { self == .optional || self == .many }
    }

    private mutating func quantifier() -> Quantifier {
        switch rest.first {
        case "*", "+":
            rest.removeFirst()
            skipManner()
            return .many
        case "?":
            rest.removeFirst()
            skipManner()
            return .optional
        case "{":
            return counted()
        default:
            return .once
        }
    }

    /// `{2}`, `{2,}` or `{2,5}`; other braces are none.
    private mutating func counted() -> Quantifier {
        guard let end = rest.firstIndex(of: "}") else { return .once }
        let counts = String(rest[rest.index(after: rest.startIndex)..<end])
        guard counts.allSatisfy({ $0.isNumber || $0 == "," || $0 == " " }) else { return .once }
        rest = rest[rest.index(after: end)...]
        skipManner()
        return counts.contains(",") ? .many : .exactly
    }

    /// As few as possible, or without giving any back.
    private mutating func skipManner() {
        _ = takes("?") || takes("+")
    }

    private static func isLiteral(_ scalar: Unicode.Scalar) -> Bool {
        !"()[]{}.*+?^$|\\".unicodeScalars.contains(scalar)
    }
}
