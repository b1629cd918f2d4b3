import Journal
import Testing

@Suite("What expressions of the match language exclude")
struct MatchClauseTests {
    /// Whether each way in which the one is true is a way in which the other is.
    private func implies(_ one: String, _ other: String) throws -> Bool {
        let whole = try #require(try Match(parsing: other).clauses)
        return try #require(try Match(parsing: one).clauses).allSatisfy { part in
            part.isContradictory || whole.contains { part.implies($0) }
        }
    }

    @Test(
        "What holds of one holds of the other",
        arguments: [
            ("message_id=m-1 and attempt=2", "message_id=m-1"),
            ("message_id=m-1", "message_id=m-1 or message_id=m-2"),
            ("attempt=3", "attempt>2"), ("attempt>3", "attempt>2"), ("attempt>2", "not attempt<3"),
            ("data.k=abc", "data.k~b"), ("data.k=abc", "data.k!=b"),
            ("data.k>2.5", "data.k>2.4"), ("event=upload", "event!=app.sent"),
            ("not (state=held or attempt=1)", "state!=held"),
            ("event=upload and event=app.sent", "message_id=m"),
        ])
    func implied(one: String, other: String) throws {
        #expect(try implies(one, other))
    }

    @Test(
        "What may hold of one alone does not",
        arguments: [
            ("message_id=m-1", "message_id=m-1 and attempt=2"),
            ("message_id=m-1 or message_id=m-2", "message_id=m-1"),
            ("attempt>2", "attempt>3"), ("data.k>2", "data.k>2.5"), ("data.k~abc", "data.k~b"),
            // Absent is not held, and no number.
            ("state!=held", "state=queued or state=in-flight or state=settled"),
            ("not attempt>3", "attempt<4"),
        ])
    func notImplied(one: String, other: String) throws {
        #expect(try !implies(one, other))
    }

    @Test(
        "Nothing is as it asks",
        arguments: [
            "event=upload and event=device.online", "event~x and not event~x",
            "message_id=a and message_id=b", "message_id=a and message_id!=a",
            "attempt<3 and attempt>2", "attempt=2 and attempt>2", "attempt>1 and not attempt>1",
            "data.k<2 and data.k>2", "data.k=abc and data.k~\"^b\"", "data.k=x and data.k>1",
            "state=held and direction~\"^x\"", "(event=upload or event=app.sent) and event~xyz",
        ])
    func contradictory(_ text: String) throws {
        #expect(try #require(try Match(parsing: text).clauses).allSatisfy(\.isContradictory))
    }

    @Test(
        "Something may be",
        arguments: [
            "attempt<4 and attempt>2", "data.k<3 and data.k>2", "data.k~a and data.k~b",
            "state!=held and state!=queued", "not state~\".\"", "not attempt>2 and not attempt<5",
        ])
    func possible(_ text: String) throws {
        #expect(try #require(try Match(parsing: text).clauses).contains { !$0.isContradictory })
    }

    @Test("Of an expression with too many ways of being true nothing is told")
    func tooMany() throws {
        let pair = "(attempt=1 or connection=1)"
        let text = Array(repeating: pair, count: 7).joined(separator: " and ")
        #expect(try Match(parsing: text).clauses == nil)
    }
}
