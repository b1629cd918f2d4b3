import Foundation
import Simulator
import Testing

@Suite("Whatever can happen in a small world, in every order", .serialized)
struct SmallWorldTests {
    /// What docs/testing.md says of a beginning.
    struct Figures: Hashable, Sendable, CustomStringConvertible {
        let start: SmallWorldPlan.Start
        let depth: Int
        var worlds = 0
        var moves = 0
        var interleavings = 0

        var description: String {
            "| \(start.rawValue) | \(depth) | \(worlds) | \(moves) | \(interleavings) |"
        }
    }

    private static let documentation = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/testing.md")

    @Test(
        "everything holds, and there are as many orders as the documentation says",
        arguments: [(SmallWorldPlan.Start.empty, 6), (.busy, 5)])
    func everything(start: SmallWorldPlan.Start, depth: Int) throws {
        var figures = Figures(start: start, depth: depth)
        for plan in SmallWorldPlan.all where plan.start == start {
            var search = SmallWorldSearch(plan)
            do {
                try search.run(depth: depth)
            } catch {
                Issue.record("\(plan): \(error)")
                continue
            }
            figures.worlds += search.total.worlds
            figures.moves += search.total.moves
            figures.interleavings += search.total.interleavings
        }
        let text = try String(contentsOf: Self.documentation, encoding: .utf8)
        #expect(text.contains("\(figures)"), "docs/testing.md lacks \(figures)")
    }

    @Test("two orders that lead to the same are gone on with once, and counted twice")
    func merging() throws {
        var search = SmallWorldSearch(SmallWorldPlan.all[0])
        try search.run(depth: 3)
        // Upload and connect, in either order, lead to one world.
        #expect(search.layers[2].interleavings > search.layers[2].worlds ?? .max)
        #expect(search.layers[3].worlds == nil)
    }
}
