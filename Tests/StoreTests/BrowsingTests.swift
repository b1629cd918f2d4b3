import CloudMessaging
import MessageStore
import Testing

@Suite("What a store holds is shown page by page, whichever store it is")
struct BrowsingTests {
    private func filled(_ kind: StoreKind) throws -> any BrowsableStore {
        let store = try #require(try StoreLives(kind).next().store as? any BrowsableStore)
        var batch = try StoreBatch.filled([1, 3, 5])
        let origin = batch.registrations[0]
        batch.messages.append(try Sample.message(4, in: Sample.neighbour, origin: origin))
        batch.registrations.append(try Sample.registration(2, category: "com.example.other"))
        for (sequence, registration) in [(6, 0), (7, 1), (8, 0)] {
            batch.downstream.deposits.append(
                DownstreamMessage(
                    sequence: Int64(sequence), registration: batch.registrations[registration],
                    template: DownstreamTemplate(
                        sender: SenderNumber(rawValue: 0),
                        id: try #require(MessageID("d-\(sequence)")),
                        content: Array("{}".utf8), timeToLive: 60,
                        expiry: Instant(nanoseconds: 1_000_000))))
        }
        #expect(store.execute(batch).failure == nil)
        return store
    }

    /// Everything, by number, in pages of a size.
    private func walk(_ store: any BrowsableStore, by limit: Int) throws -> [Int64] {
        var numbers: [Int64] = []
        var place: KeptPage.Place? = .start
        while let from = place {
            let page = try store.page(from: from, limit: limit)
            #expect(page.messages.count <= limit)
            numbers += page.messages.map(\.number)
            place = page.next
        }
        return numbers
    }

    @Test("Every message once, whatever the size of a page", arguments: StoreKind.allCases)
    func pages(kind: StoreKind) throws {
        let store = try filled(kind)
        for limit in 1...8 {
            #expect(try walk(store, by: limit) == [1, 3, 4, 5, 6, 8, 7], "\(limit) a page")
        }
    }

    @Test("A message that is gone does not end the walk behind it", arguments: StoreKind.allCases)
    func removedPlace(kind: StoreKind) throws {
        let store = try filled(kind)
        let first = try store.page(from: .start, limit: 2)
        var removal = StoreBatch()
        removal.removals = [MessageKey(lane: Sample.lane, sequence: 3)]
        #expect(store.execute(removal).failure == nil)
        let next = try store.page(from: try #require(first.next), limit: 2)
        #expect(next.messages.map(\.number) == [4, 5])
    }

    @Test("A message is found by its number, on either road", arguments: StoreKind.allCases)
    func byNumber(kind: StoreKind) throws {
        let store = try filled(kind)
        for number in [1, 4, 7, 8] as [Int64] {
            #expect(try store.messages(numbered: number).map(\.number) == [number])
        }
        #expect(try store.messages(numbered: 2).isEmpty)
        #expect(try store.messages(numbered: 9).isEmpty)
    }

    @Test("Registrations by number, without those that ended", arguments: StoreKind.allCases)
    func registrations(kind: StoreKind) throws {
        let store = try filled(kind)
        var change = StoreBatch()
        change.registrations = try [(3, true), (4, false), (5, true)].map {
            try Sample.registration(Int64($0), category: "com.example.n\($0)", isActive: $1)
        }
        #expect(store.execute(change).failure == nil)
        #expect(try store.registrations(after: 0, limit: 9).map(\.number) == [1, 2, 3, 5])
        #expect(try store.registrations(after: 0, limit: 2).map(\.number) == [1, 2])
        let last = try store.registrations(after: 3, limit: 2)
        #expect(last.map(\.number) == [5])
        #expect(last.map(\.category.text) == ["com.example.n5"])
        #expect(last[0].senders.count == 2)
    }
}
