import Testing

@testable import Invariants

@Suite("What must hold of messages on their way up")
struct UpstreamTests {
    @Test("a message that goes its way breaks nothing")
    func good() {
        var story = Story()
        story.queued(Story.up(1))
        story.sent(Story.up(1))
        story.closed(1)
        story.sent(Story.up(1), on: 2)
        story.settled(Story.up(1), on: 2)
        story.relayDied(hasEverything: false)
        story.ends(hasEverything: false)
        #expect(story.broken == nil)
    }

    @Test("what was settled is not sent again, unless the store still has it when the relay dies")
    func settled() {
        var story = Story()
        story.sent(Story.up(1))
        story.settled(Story.up(1))
        var forgotten = story
        forgotten.relayDied(hasEverything: true)
        forgotten.sent(Story.up(1))
        #expect(forgotten.broken == nil)
        story.sent(Story.up(1))
        #expect(story.broken == .settledStaysSettled)
    }

    @Test("an ACK settles nothing that its connection did not carry")
    func carried() {
        var story = Story()
        story.sent(Story.up(1), on: 1)
        story.settled(Story.up(1), on: 2)
        #expect(story.broken == .ackSettlesOnlyWhatWasCarried)
    }

    @Test("an ACK that came with the end of its connection settles")
    func closed() {
        var story = Story()
        story.sent(Story.up(1), on: 1)
        story.closed(1)
        story.settled(Story.up(1), on: 1)
        #expect(story.broken == nil)
    }

    @Test("two of one pair are not in flight together")
    func pair() {
        var story = Story()
        story.sent(Story.up(1, id: "m"))
        story.sent(Story.up(2, id: "m"))
        #expect(story.broken == .onePairInFlight)
    }

    @Test("what the relay keeps in memory beyond its bounds is told in its words")
    func memory() {
        var invariants = Invariants()
        invariants.noteMemory("65 messages of a lane held back, at most 64")
        #expect(
            invariants.violation?.description
                == "memory-bounded: the relay keeps 65 messages of a lane held back, at most 64")
    }

    @Test("a window has its limit, and an ACK makes room")
    func window() {
        var story = Story(maxUnacked: 1)
        story.sent(Story.up(1))
        story.settled(Story.up(1))
        story.sent(Story.up(2))
        #expect(story.broken == nil)
        story.sent(Story.up(3))
        #expect(story.broken == .unackedWindow)
    }

    @Test("first writes come in order")
    func order() {
        var story = Story()
        story.sent(Story.up(2))
        story.sent(Story.up(1))
        #expect(story.broken == .firstWritesInOrder)
    }

    @Test("what is not over is stored when the relay dies")
    func lost() {
        var story = Story()
        story.queued(Story.up(1))
        story.relayDied(hasEverything: false)
        #expect(story.broken == .nothingSentIsLost)
    }

    @Test("in the end what is settled is gone from the store, and nothing is left over")
    func ending() {
        var story = Story()
        story.sent(Story.up(1))
        var settled = story
        settled.settled(Story.up(1))
        settled.ends(hasEverything: true)
        #expect(settled.broken == .settledLeavesTheStore)
        story.ends(hasEverything: true)
        #expect(story.broken == .everythingArrives)
    }

    @Test("a relay that runs for days has books of bounded size")
    func bounds() throws {
        var ledger = UpstreamLedger(maxUnacked: 1, ordersFirstWrites: true, keepsNames: false)
        for number in Int64(1)...(Int64(UpstreamLedger.endsKept) * 3) {
            for event in Story.way(of: Story.up(number)) { try ledger.observe(event) }
        }
        #expect(ledger.count <= 2 * UpstreamLedger.endsKept)
    }
}
