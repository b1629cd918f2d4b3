import Testing

@testable import Invariants

@Suite("What must hold of messages on their way down")
struct DownstreamTests {
    @Test("a message that goes its way breaks nothing")
    func good() {
        var story = Story()
        story.queued(Story.down(1))
        story.delivered(Story.down(1))
        story.closed(2)
        story.delivered(Story.down(1), on: 3)
        story.confirmed(Story.down(1), on: 3)
        story.relayDied(hasEverything: false)
        story.ends(hasEverything: false)
        #expect(story.broken == nil)
    }

    @Test("what lies in a mailbox is there when the relay dies")
    func lost() {
        var story = Story()
        story.queued(Story.down(1))
        story.relayDied(hasEverything: false)
        #expect(story.broken == .depositsLast)
    }

    @Test("what was acknowledged is not delivered again, unless the store still has it")
    func again() {
        var story = Story()
        story.delivered(Story.down(1))
        story.confirmed(Story.down(1))
        var forgotten = story
        forgotten.relayDied(hasEverything: true)
        forgotten.delivered(Story.down(1))
        #expect(forgotten.broken == nil)
        story.delivered(Story.down(1))
        #expect(story.broken == .deliveredStaysDelivered)
    }

    @Test("a hundred deliveries may be on their way, and no more")
    func window() {
        var story = Story()
        for number in Int64(1)...100 { story.delivered(Story.down(number)) }
        story.confirmed(Story.down(1))
        story.delivered(Story.down(101))
        #expect(story.broken == nil)
        story.delivered(Story.down(102))
        #expect(story.broken == .deliveryWindow)
    }

    @Test("four collapse keys wait, and one message for each")
    func collapseKeys() {
        var story = Story()
        for (number, key) in ["a", "b", "c", "d"].enumerated() {
            story.queued(Story.down(Int64(number + 1), collapseKey: key))
        }
        var twice = story
        twice.queued(Story.down(5, collapseKey: "a"))
        twice.delivered(Story.down(1))
        #expect(twice.broken == .mailboxLimits)
        story.queued(Story.down(5, collapseKey: "e"))
        #expect(story.broken == nil)
        story.delivered(Story.down(1))
        #expect(story.broken == .mailboxLimits)
    }

    @Test("a receipt that was asked for comes")
    func receipt() {
        var story = Story()
        story.delivered(Story.down(1, receipt: true))
        story.confirmed(Story.down(1, receipt: true))
        story.ends(hasEverything: false)
        #expect(story.broken == .everyReceipt)
    }

    @Test("in the end nothing is left over")
    func ending() {
        var story = Story()
        story.queued(Story.down(1))
        story.ends(hasEverything: true)
        #expect(story.broken == .everythingArrives)
    }
}
