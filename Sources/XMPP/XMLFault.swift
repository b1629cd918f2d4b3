/// Something wrong in a header or stanza, before its place in the stream is known.
struct XMLFault: Error, Equatable {
    var condition: StreamError.Condition
    /// What was found, as the start of a sentence: "unescaped <".
    var finding: String
    /// Where, in bytes from the start of the header or stanza, counted from 0.
    var offset: Int
    /// What to do about it, if there is something to say.
    var advice: String?
    /// Whether the sentence names the place; it does not when something as a whole is too large.
    var namesPlace = true

    init(
        _ condition: StreamError.Condition, _ finding: String, at offset: Int,
        advice: String? = nil
    ) {
        self.condition = condition
        self.finding = finding
        self.offset = offset
        self.advice = advice
    }

    /// A bound that was exceeded.
    static func limit(_ finding: String, at offset: Int) -> XMLFault {
        var fault = XMLFault(.policyViolation, finding, at: offset)
        fault.namesPlace = false
        return fault
    }

    /// The whole sentence: "unescaped < at byte 412 of the stanza (write &lt; in text)".
    func sentence(place: String) -> String {
        let sentence = namesPlace ? "\(finding) at byte \(offset) of the \(place)" : finding
        return (advice.map { "\(sentence) (\($0))" } ?? sentence).printable
    }
}
