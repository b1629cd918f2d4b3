import CloudMessaging
import Testing

@Suite("Conditions over topics")
struct TopicConditionTests {
    private func isTrue(_ text: String, for topics: Set<String>) throws -> Bool {
        try TopicCondition(parsing: text).matches(topics.contains)
    }

    @Test("&& binds tighter than ||, ! tightest, and parentheses decide")
    func binding() throws {
        let unbracketed = "'a' in topics || 'b' in topics && 'c' in topics"
        #expect(try isTrue(unbracketed, for: ["a"]))
        #expect(try !isTrue(unbracketed, for: ["b"]))
        let bracketed = "('a' in topics || 'b' in topics) && 'c' in topics"
        #expect(try !isTrue(bracketed, for: ["a"]))
        #expect(try isTrue(bracketed, for: ["b", "c"]))
        #expect(try isTrue("!'a' in topics && 'b' in topics", for: ["b"]))
        #expect(try !isTrue("!('a' in topics && 'b' in topics)", for: ["a", "b"]))
    }

    @Test(
        "Blanks are free, and a name may carry its prefix",
        arguments: ["'news'in topics", "  'news'   in  topics ", "'/topics/news' in topics"])
    func forms(text: String) throws {
        #expect(try isTrue(text, for: ["news"]))
        #expect(try TopicCondition(parsing: text).topics == ["news"])
    }
}
