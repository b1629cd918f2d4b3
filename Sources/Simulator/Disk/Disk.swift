import CloudMessaging
import DequeModule

/// The disk under a store: transactions take their time, one after the other.
///
/// Between the order and the commit a crash or a power cut leaves no trace of a transaction; between
/// the commit and the news of it, the transaction lasts and nobody knows. Those are all the points
/// at which the power can be cut under SQLite, as a transaction is durable as a whole or not at all.
final class Disk {
    private let world: World
    private let settings: DiskSettings
    private var entropy: Entropy
    private var waiting: Deque<(life: Life, commit: () -> () -> Void)> = []
    private var isBusy = false

    init(in world: World, settings: DiskSettings) {
        self.world = world
        self.settings = settings
        entropy = world.forkEntropy()
    }

    /// Makes a change durable in its turn.
    ///
    /// - Parameter commit: makes the change, and gives what tells the process of it.
    func write(in life: Life, _ commit: @escaping () -> () -> Void) {
        waiting.append((life, commit))
        writeNext()
    }

    private func writeNext() {
        guard !isBusy, let next = waiting.popFirst() else { return }
        isBusy = true
        let time = settings.commit + settings.jitter.scaled(by: entropy.nextFraction())
        world.schedule(after: time) { [self] in
            isBusy = false
            next.life.run {
                let tell = next.commit()
                world.schedule(after: settings.completion) { next.life.run(tell) }
            }
            writeNext()
        }
    }
}
