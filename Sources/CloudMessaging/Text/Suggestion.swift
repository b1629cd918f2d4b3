/// Guesses what somebody meant who wrote a name that does not exist.
package enum Suggestion {
    /// "did you mean …?", or all names when none is near.
    package static func sentence(for name: String, among names: [String]) -> String {
        guard let nearest = nearest(to: name, among: names) else {
            return "known are: \(names.sorted().joined(separator: ", "))"
        }
        return "did you mean \"\(nearest)\"?"
    }

    /// The name with the fewest edits, if they are few.
    package static func nearest(to name: String, among names: [String]) -> String? {
        let candidates = names.map { (name: $0, edits: edits(from: name, to: $0)) }
        guard let best = candidates.min(by: { $0.edits < $1.edits }),
            best.edits <= max(2, name.count / 3)
        else { return nil }
        return best.name
    }

    /// Levenshtein's distance.
    private static func edits(from source: String, to target: String) -> Int {
        let source = Array(source.utf8)
        let target = Array(target.utf8)
        var row = Array(0...target.count)
        for (line, byte) in source.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in target.enumerated() {
                let substitution = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substitution, min(row[column], diagonal) + 1)
            }
        }
        return row[target.count]
    }
}
