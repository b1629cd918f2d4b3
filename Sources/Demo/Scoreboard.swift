import Foundation
import RealPrograms

/// Shows the day while it passes, and what came of it.
actor Scoreboard {
    private let day: CourierDay
    private let tally: Watched<Tally>
    private let start = ContinuousClock.now
    /// On a terminal one line changes; elsewhere each change is a line.
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private var shown = ""

    init(_ day: CourierDay, _ tally: Watched<Tally>) {
        self.day = day
        self.tally = tally
    }

    /// A line that tells what happens now.
    func tell(_ text: String) {
        let seconds = start.duration(to: .now) / .seconds(1)
        let time = String(format: "%5.1f s", seconds)
        put((isTerminal ? "\r\u{1B}[K" : "") + "\(time)  \(text)\n")
        shown = ""
    }

    /// Shows counters about every half second until the task is cancelled.
    func count(_ relay: RelayLives) async {
        while (try? await Task.sleep(for: .milliseconds(500))) != nil {
            await relay.look()
            let tally = tally.value
            let line =
                "sent \(tally.sent)/\(day.messages.count), delivered \(tally.distinctDelivered), "
                + "ACKed \(tally.distinctAcknowledged), redeliveries \(tally.redeliveries), "
                + "in the relay \(await relay.gauge("queued") + relay.gauge("in_flight"))"
            guard line != shown, !Task.isCancelled else { continue }
            put(isTerminal ? "\r\u{1B}[K         \(line)" : "         \(line)\n")
            shown = line
        }
    }

    /// The table, and the last line: how many were lost.
    func conclude(_ verdict: Tally.Verdict, duplicates: Int) {
        let tally = tally.value
        let rows = [
            ("messages", day.messages.count),
            ("distinct delivered", day.messages.count - verdict.lost.count),
            ("ACKed", day.messages.count - verdict.unacknowledged),
            ("deliveries", tally.deliveries),
            ("redeliveries", tally.redeliveries),
            ("uploads repeated, stored once", duplicates),
        ]
        put("\n")
        for (name, value) in rows {
            let name = name.padding(toLength: 30, withPad: " ", startingAt: 0)
            put("  \(name)\(String(format: "%5d", value))\n")
        }
        put("\n")
        for message in verdict.lost.prefix(10) {
            put("  lost, from \(message.sender): \(message.input.prefix(200))\n")
        }
        if verdict.foreign > 0 { put("  \(verdict.foreign) deliveries that nobody sent\n") }
        put("lost \(verdict.lost.count)\n")
    }

    private func put(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
