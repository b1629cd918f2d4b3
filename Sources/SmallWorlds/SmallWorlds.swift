import ArgumentParser
import Simulator

/// Tries every order of what can happen in all small worlds, and prints how many there were.
@main
struct SmallWorlds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "small-worlds",
        abstract: "Try whatever can happen to two messages and two connections, in every order.")

    @Option(help: "Moves from a relay without messages.")
    var empty = 10

    @Option(help: "Moves from a relay with both messages stored and both connections bound.")
    var busy = 7

    func run() throws {
        print("start  redelivery, IDs, window        depth    worlds      moves   interleavings")
        var interleavings = 0
        for plan in SmallWorldPlan.all {
            let depth = plan.start == .empty ? empty : busy
            var search = SmallWorldSearch(plan)
            do {
                try search.run(depth: depth)
            } catch {
                print("\(plan): \(error)")
                throw ExitCode(70)
            }
            let total = search.total
            interleavings += total.interleavings
            print(
                pad("\(plan)", to: -37), pad("\(depth)", to: 5), pad("\(total.worlds)", to: 9),
                pad("\(total.moves)", to: 10), pad("\(total.interleavings)", to: 15))
        }
        print("all hold: \(interleavings) interleavings")
    }

    /// - Parameter width: negative: the text stands on the left.
    private func pad(_ text: String, to width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? text + blanks : blanks + text
    }
}
