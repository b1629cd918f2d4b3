/// How a member's disk behaves.
package struct DiskSettings: Sendable, Hashable {
    /// How long a transaction takes at least until it is durable, and how much longer, drawn anew
    /// each time.
    package var commit = Duration.milliseconds(1)
    package var jitter = Duration.milliseconds(2)
    /// How long the news of it takes to the process. A crash in between loses the news only.
    package var completion = Duration.microseconds(100)

    package init() {}
}
