import Logging

/// A line of the relay's log.
struct LogLine: Sendable, CustomStringConvertible {
    let level: Logger.Level
    let message: String
    let fields: [String: String]

    var description: String { "[\(level)] \(message)" }
}

/// Writes a log into a diary.
struct LogDiary: LogHandler {
    let diary: Diary<LogLine>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(_ diary: Diary<LogLine>) {
        self.diary = diary
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        diary.write(
            LogLine(
                level: event.level, message: "\(event.message)",
                fields: (event.metadata ?? [:]).mapValues { "\($0)" }))
    }
}
