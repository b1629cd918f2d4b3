/// What an expression of the match language can be asked of: an event, a message, a stanza.
package protocol Matchable {
    /// Nil: it has no such field.
    func value(of field: MatchField) -> FieldValue?
}
