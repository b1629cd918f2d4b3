import CloudMessaging
import Journal
import Testing

@Suite("The journal's ring")
struct JournalTests {
    private func numbers(_ page: Journal.Page) -> [UInt64] { page.events.map(\.number) }

    private func journal(limit: Int, events: Int) -> Journal {
        var journal = Journal(limit: limit)
        for index in 0..<events {
            journal.record(.example(.timerFired, connection: index + 1))
        }
        return journal
    }

    @Test("Numbers count from 1, and a page begins after the number asked for")
    func numbering() {
        var journal = journal(limit: 10, events: 3)
        #expect(journal.record(.example(.fault)) == 4)
        #expect(numbers(journal.events()) == [1, 2, 3, 4])
        #expect(numbers(journal.events(after: 1, limit: 2)) == [2, 3])
        #expect(numbers(journal.events(after: 4)) == [])
        #expect(numbers(journal.events(after: 99)) == [])
        #expect(journal.lastNumber == 4)
        #expect(journal.dropped == 0)
    }

    @Test("At its limit the newest event takes the place of the oldest", arguments: 1...9)
    func overflow(limit: Int) {
        for count in 0...20 {
            let journal = journal(limit: limit, events: count)
            let first = max(0, count - limit)
            #expect(numbers(journal.events()) == (first..<count).map { UInt64($0) + 1 })
            #expect(journal.events().events.map(\.connection) == (first..<count).map { $0 + 1 })
            #expect(journal.count == min(limit, count))
            #expect(journal.dropped == UInt64(first))
        }
    }

    @Test("A reader learns that events were overwritten before it came")
    func gaps() {
        let journal = journal(limit: 3, events: 5)
        #expect(journal.events(after: 0).hasGap)
        #expect(journal.events(after: 1).hasGap)
        #expect(!journal.events(after: 2).hasGap)
        #expect(!journal.events(after: 5).hasGap)
    }

    @Test("A journal without room only counts")
    func nothingKept() {
        let journal = journal(limit: 0, events: 5)
        #expect(journal.count == 0)
        #expect(journal.lastNumber == 5)
        #expect(journal.dropped == 5)
        #expect(journal.events(after: 4).hasGap)
    }

    @Test("Who clears a journal that overflowed begins anew: nothing is missing from then on")
    func clearingAfterOverflow() {
        var journal = journal(limit: 3, events: 5)
        #expect(journal.events().hasGap)
        journal.clear()
        journal.record(.example(.fault))
        #expect(!journal.events().hasGap)
    }

    @Test("What is cleared is gone and was not dropped; the numbers go on")
    func clearing() {
        var journal = journal(limit: 3, events: 5)
        journal.clear()
        #expect(journal.count == 0)
        #expect(journal.dropped == 2)
        #expect(journal.record(.example(.fault)) == 6)
        #expect(numbers(journal.events()) == [6])
        #expect(!journal.events(after: 2).hasGap)
    }

    @Test("Events of one sender can be forgotten; the others stay in order, in a full ring too")
    func forgettingSome() throws {
        for count in 0...12 {
            var journal = journal(limit: 5, events: count)
            let before = numbers(journal.events())
            journal.removeAll { ($0.connection ?? 0).isMultiple(of: 2) }
            #expect(numbers(journal.events()) == before.filter { !$0.isMultiple(of: 2) })
            for event in journal.events().events {
                #expect(journal.event(event.number)?.connection == event.connection)
                #expect(journal.event(event.number + 1) == nil)
            }
            for _ in 0..<7 { journal.record(.example(.fault)) }
            let last = UInt64(count) + 7
            #expect(numbers(journal.events()) == Array(last - 4...last))
        }
    }

    @Test("An event is found by its number while it is there")
    func lookUp() {
        let journal = journal(limit: 3, events: 5)
        #expect(journal.event(0) == nil)
        #expect(journal.event(2) == nil)
        #expect(journal.event(3)?.connection == 3)
        #expect(journal.event(5)?.connection == 5)
        #expect(journal.event(6) == nil)
    }
}
