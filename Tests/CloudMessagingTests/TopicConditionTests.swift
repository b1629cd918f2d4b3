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

    private func condition(of topics: Int) -> String {
        Array(repeating: "'t' in topics", count: topics).joined(separator: " || ")
    }

    @Test("A mistake is named with its place; a condition may have so many topics or operators")
    func bounds() throws {
        let mistake = #expect(throws: TopicConditionError.self) {
            try TopicCondition(parsing: "'a' in topics & 'b' in topics")
        }
        #expect(mistake?.description == "&& or || was expected at byte 14")
        for (bound, topics, problem) in [
            (TopicCondition.Bound.fiveTopics, 5, "more than 5 topics at byte 85"),
            (.twoOperators, 3, "more than 2 operators at byte 48"),
        ] {
            #expect(throws: Never.self) {
                try TopicCondition(parsing: condition(of: topics), bound: bound)
            }
            let error = #expect(throws: TopicConditionError.self) {
                try TopicCondition(parsing: condition(of: topics + 1), bound: bound)
            }
            #expect(error?.description == problem)
        }
        #expect(throws: Never.self) {
            try TopicCondition(parsing: "!(!" + condition(of: 3) + ")", bound: .twoOperators)
        }
    }

    @Test(
        "Blanks are free, and a name may carry its prefix",
        arguments: ["'news'in topics", "  'news'   in  topics ", "'/topics/news' in topics"])
    func forms(text: String) throws {
        #expect(try isTrue(text, for: ["news"]))
        #expect(try TopicCondition(parsing: text).topics == ["news"])
    }
}
