internal import CloudMessaging
internal import Journal
internal import RelayService

// What the relay has seen, and waiting for it.
extension TestRelay {
    /// How long is waited unless told otherwise: only a test that fails waits so long.
    public static let patience = Duration.seconds(60)

    /// The messages that the relay knows, by the time of their arrival, those that have ended and
    /// those to devices included.
    ///
    /// - Parameter match: in the match language (`docs/journal.md`), such as
    ///   `state=queued and data.parcel~"^1"`; nil: all.
    public func messages(where match: String? = nil) async throws -> [Message] {
        let match = try match.map(Self.parse)
        let records = try await service.control.rememberedMessages()
        return records.filter { match?.accepts($0) ?? true }.map { Message($0) }
    }

    /// Waits until so many messages match, and returns the latest of them, 100 at most.
    ///
    /// - Parameters:
    ///   - match: of fields that messages have: `message_id sender_id from category direction
    ///     state attempt connection data.K`.
    ///   - count: at least so many.
    /// - Throws: ``TestRelayError`` when the time is over, with those that came near and why each
    ///   missed.
    @discardableResult
    public func wait(
        for match: String, count: Int = 1, timeout: Duration = TestRelay.patience
    ) async throws -> [Message] {
        let parsed = try Self.parse(match)
        guard !parsed.asksOfEvents else {
            throw TestRelayError("\(match): a message has no event, error, actor, deed or count")
        }
        let finding = try await service.control.find(parsed, within: timeout) {
            $0.count >= count
        }
        guard finding.count >= count else {
            let nearest = finding.nearest.isEmpty ? ["nothing came near"] : finding.nearest
            throw TestRelayError(
                """
                \(finding.count) messages match, not \(count), after \(timeout): \(match)
                \(nearest.joined(separator: "\n"))
                """)
        }
        return finding.messages.map { Message($0) }
    }

    /// Waits until an app server has ACKed a message from a device, and the relay has settled it.
    ///
    /// - Parameter messageID: as the app gave it.
    /// - Throws: as ``wait(for:count:timeout:)``.
    @discardableResult
    public func waitForAck(
        of messageID: String, timeout: Duration = TestRelay.patience
    ) async throws -> Message {
        let id = Self.quoted(messageID)
        let found = try await wait(
            for: "message_id=\(id) and direction=upstream and state=settled", timeout: timeout)
        return found[0]
    }

    /// A text as the match language has it; by scalars, as a mark that combines with a quote hides
    /// it from Swift's characters.
    private static func quoted(_ text: String) -> String {
        var quoted = "\"".unicodeScalars
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }

    private static func parse(_ match: String) throws(TestRelayError) -> Match {
        do throws(MatchError) {
            return try Match(parsing: match)
        } catch {
            throw TestRelayError("\(match): \(error)")
        }
    }
}
