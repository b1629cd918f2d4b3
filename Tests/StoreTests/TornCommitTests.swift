import CloudMessaging
import Foundation
import MessageStore
import Testing

@testable import SQLiteStore

@Suite("The power is cut in the middle of a commit")
struct TornCommitTests {
    private let directory = TemporaryDirectory()

    /// What a transaction changes belongs together: messages, their uploads, removals.
    private struct Content: Hashable, CustomStringConvertible {
        let sequences: [Int64]
        let uploads: [UploadID]

        init(_ store: SQLiteStore) {
            sequences = store.sequences()
            uploads = store.execute(.loading(1)).devices.first??.recentUploads ?? []
        }

        var description: String { "\(sequences) \(uploads.map(\.text))" }
    }

    @Test(
        "Whatever part of a commit has reached the disk, all of it is there or nothing",
        arguments: [false, true])
    func torn(leavesGarbage: Bool) throws {
        let store = try SQLiteStore(path: directory.file("relay.db"))
        _ = try store.open()
        _ = store.mustDo(try .filled([1, 2, 3]))
        let before = Content(store)
        let start = try log().count
        var batch = try StoreBatch.filled(Array(4...40))
        batch.removals = StoreBatch.removing([1, 2]).removals
        batch.recentUploads = [
            RecentUploads(device: Sample.device().id, uploads: try Sample.uploads(4...40))
        ]
        _ = store.mustDo(batch)
        let after = Content(store)
        let whole = try log()
        try #require(before != after && whole.count > start)
        let file = try Data(contentsOf: URL(filePath: directory.file("relay.db")))

        var seen: Set<Content> = []
        for end in Array(stride(from: start, to: whole.count, by: 1_021)) + [whole.count] {
            let torn = whole.prefix(end) + rest(leavesGarbage ? whole.count - end : 0)
            let content = try content(file, log: Data(torn))
            seen.insert(content)
            #expect(content == before || content == after, "\(end) of \(whole.count) bytes")
        }
        // The test has cut on both sides of the moment at which it becomes durable.
        #expect(seen == [before, after])
    }

    private func log() throws -> Data {
        try Data(contentsOf: URL(filePath: directory.file("relay.db-wal")))
    }

    /// What stands on a disk where nothing was written yet.
    private func rest(_ count: Int) -> Data {
        Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
    }

    /// What the next life finds.
    private func content(_ file: Data, log: Data) throws -> Content {
        let name = directory.file("torn.db")
        for suffix in ["", "-wal", "-shm"]
        where FileManager.default.fileExists(atPath: name + suffix) {
            try FileManager.default.removeItem(atPath: name + suffix)
        }
        try file.write(to: URL(filePath: name))
        try log.write(to: URL(filePath: name + "-wal"))
        let store = try SQLiteStore(path: name)
        defer { store.close() }
        return Content(store)
    }
}
