import CloudMessaging
import MessageStore
import SQLiteSupport

@testable import DeviceOutbox

/// One outbox over its lives: `next()` ends the running one and begins another.
final class OutboxLives {
    private let directory = TemporaryDirectory()
    private let memory: InMemoryOutbox?
    private var sqlite: DeviceOutbox?

    init(_ kind: StoreKind) {
        memory = kind == .memory ? InMemoryOutbox() : nil
    }

    func next() throws -> (outbox: any OutboxStore, snapshot: OutboxSnapshot) {
        if let memory { return (memory, try memory.open()) }
        sqlite?.close()
        let outbox = try DeviceOutbox(path: directory.file("device.db"))
        sqlite = outbox
        return (outbox, try outbox.open())
    }

    func fillDisk() throws {
        memory?.failure = StoreFailure(.unavailable, "no room on the disk of memory")
        try sqlite?.file.setRoom(.asItIs)
    }

    func emptyDisk() throws {
        memory?.failure = nil
        try sqlite?.file.setRoom(.plenty)
    }
}
