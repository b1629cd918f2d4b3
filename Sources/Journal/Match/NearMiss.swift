import CloudMessaging

/// Candidates that failed a match for the same reasons: what `wait` and `verify` show instead of
/// silence.
package struct NearMiss<Candidate: Matchable>: CustomStringConvertible {
    /// Why, in the order of the expression; never empty.
    package let misses: [Miss]
    /// How many candidates.
    package fileprivate(set) var count: Int
    /// The last of them.
    package fileprivate(set) var latest: Candidate

    /// `3 missed only on data.parcel: "17" ≠ "18"`
    package var description: String {
        let reasons = misses.map(\.description).joined(separator: " and ")
        return "\(count) missed only on \(reasons)"
    }
}

extension NearMiss: Sendable where Candidate: Sendable {}

extension Match {
    /// Those that missed the match by the fewest comparisons, in groups with the same reasons, the
    /// latest group first. A candidate that met no comparison of several is not near.
    package func nearest<Candidate: Matchable>(
        among candidates: some Sequence<Candidate>, limit: Int = 3
    ) -> [NearMiss<Candidate>] {
        var fewest = comparisonCount == 1 ? 1 : comparisonCount - 1
        /// In the order of their latest candidates, as far as they are told apart.
        var groups: [NearMiss<Candidate>] = []
        for candidate in candidates {
            let misses = misses(candidate)
            guard !misses.isEmpty, misses.count <= fewest else { continue }
            if misses.count < fewest {
                fewest = misses.count
                groups = []
            }
            if let index = groups.firstIndex(where: { $0.misses == misses }) {
                var group = groups.remove(at: index)
                group.count += 1
                group.latest = candidate
                groups.append(group)
            } else {
                groups.append(NearMiss(misses: misses, count: 1, latest: candidate))
                // Reasons are as many as values: only the latest are worth a search.
                if groups.count > Self.groupsToldApart { groups.removeFirst() }
            }
        }
        return groups.suffix(limit).reversed()
    }

    private static let groupsToldApart = 16
}
