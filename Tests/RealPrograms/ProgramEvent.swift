import Foundation

/// A line of JSON that a device or an app server printed (contract: "Events on stdout").
package struct ProgramEvent: Decodable, Sendable {
    package let event: String
    /// RFC 3339, with milliseconds. Our programs always say it; nobody else has to.
    package let time: String?
    package let messageID: String?
    package let from: String?
    package let token: String?
    package let category: String?
    package let error: String?
    package let reason: String?
    package let notificationKey: String?
    package let attempt: Int?
    package let connection: Int?
    /// The whole line: a decoder would take two keys of `data` for one if they are canonically
    /// equivalent.
    package private(set) var line = ""

    private enum CodingKeys: String, CodingKey {
        case event, from, token, category, error, reason, attempt, connection
        case time = "ts"
        case messageID = "message_id"
        case notificationKey = "notification_key"
    }

    /// Nil: the line is no event.
    package init?(line: String) {
        guard let event = try? JSONDecoder().decode(ProgramEvent.self, from: Data(line.utf8))
        else { return nil }
        self = event
        self.line = line
    }
}

/// A program that prints events.
package protocol EventProgram: Sendable {
    var program: RealProgram { get }
}

extension EventProgram {
    /// The first event of this name that satisfies a condition, from the program's beginning.
    package func event(
        _ name: String, within limit: Duration = RealProgram.patience,
        where condition: @escaping @Sendable (ProgramEvent) -> Bool = { _ in true }
    ) async throws -> ProgramEvent {
        try await program.first("an event \(name)", within: limit) { line in
            ProgramEvent(line: line).flatMap { $0.event == name && condition($0) ? $0 : nil }
        }
    }

    /// Those that it has printed so far.
    package var eventsSoFar: [ProgramEvent] {
        program.linesSoFar.compactMap { ProgramEvent(line: $0) }
    }

    /// Gets each event as it is printed, until the program ends or the task is cancelled.
    package func forEachEvent(_ body: (ProgramEvent) async -> Void) async throws {
        for try await line in program.lines {
            if let event = ProgramEvent(line: line) { await body(event) }
        }
    }
}
