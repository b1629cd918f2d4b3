import Testing

@testable import XMPP

@Suite("Stream management")
struct StreamManagementTests {
    @Test(
        "Every element is read as it was written",
        arguments: [
            StreamManagement.enable, .enabled, .failed(.unexpectedRequest), .request,
            .answer(handled: 0), .answer(handled: .max),
        ])
    func elements(element: StreamManagement) {
        #expect(StreamManagement(element.element) == element)
    }

    @Test(
        "An answer without a usable count is none", arguments: [nil, "", "-1", "x", "4294967296"])
    func badCount(count: String?) {
        var answer = StreamManagement.answer(handled: 1).element
        answer[attribute: "h"] = count
        #expect(StreamManagement(answer) == nil)
        #expect(StreamManagement(Element("a", namespace: Namespace.client)) == nil)
    }

    @Test("Answers count stanzas once")
    func counting() {
        var counter = SentStanzaCounter()
        for _ in 1...5 { counter.didSend() }
        #expect(counter.unanswered == 5)
        #expect(counter.didReceiveAnswer(handled: 3) == 3)
        #expect(counter.didReceiveAnswer(handled: 3) == 0)
        #expect(counter.didReceiveAnswer(handled: 5) == 2)
        #expect(counter.unanswered == 0)
    }

    @Test("Answers that claim too much, or take something back, are refused")
    func wrongAnswers() {
        var counter = SentStanzaCounter()
        counter.didSend()
        counter.didSend()
        #expect(counter.didReceiveAnswer(handled: 3) == nil)
        #expect(counter.didReceiveAnswer(handled: 2) == 2)
        #expect(counter.didReceiveAnswer(handled: 1) == nil)
        #expect(counter.handled == 2)
    }

    @Test("After 2³² − 1 comes 0")
    func wrapAround() {
        var sent = SentStanzaCounter(startingAt: .max - 1)
        var handled = HandledStanzaCounter(startingAt: .max - 1)
        for _ in 1...3 { sent.didSend() }
        handled.didHandle(3)
        #expect(sent.sent == 1)
        #expect(handled.handled == 1)
        #expect(sent.unanswered == 3)
        #expect(sent.didReceiveAnswer(handled: .max) == 1)
        #expect(sent.didReceiveAnswer(handled: handled.handled) == 2)
        #expect(sent.didReceiveAnswer(handled: 2) == nil)
    }

    @Test("A count that is too high has its stream error")
    func tooHigh() {
        let error = StreamManagement.handledCountTooHigh(handled: 10, sent: 8)
        #expect(error.condition == .undefinedCondition)
        #expect(error.applicationCondition?[attribute: "h"] == "10")
        #expect(error.applicationCondition?[attribute: "send-count"] == "8")
        #expect(StreamError(error.element) == error)
    }
}
