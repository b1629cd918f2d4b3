package import CloudMessaging
import Foundation
package import Logging

/// How a program writes its log, on standard error (contract: "Logs").
package enum LogFormat: String, Sendable, CaseIterable {
    /// `12:00:01.250 relay #2 m-17 attempt 2 (no ack for 10s)`
    case text
    /// One object a line: `ts level event role connection sender_id message_id attempt message`.
    case json

    /// A logger for one role.
    package func logger(role: String, level: Logger.Level) -> Logger {
        var logger = Logger(label: role) { role in
            switch self {
            case .text: TextLogHandler(role: role)
            case .json: JSONLogHandler(role: role)
            }
        }
        logger.logLevel = level
        return logger
    }
}

/// The fields that a line may have, in their order.
private let fieldNames = ["connection", "sender_id", "message_id", "attempt"]

private struct TextLogHandler: LogHandler {
    let role: String
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        var line = "\(Timestamp.time(.now)) \(role)"
        if event.level >= .warning { line += " \(event.level)" }
        // The message of an attempt says its number itself.
        for name in fieldNames.dropLast() {
            if let value = fields[name] { line += " \(value)" }
        }
        Talk.say("\(line) \(event.message)")
    }
}

private struct JSONLogHandler: LogHandler {
    let role: String
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        var bytes = Array("{".utf8)
        func beginMember(_ name: String) {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            JSONStrings.append(name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
        }
        func add(_ name: String, _ value: String) {
            beginMember(name)
            JSONStrings.append(value, to: &bytes)
        }
        func addNumber(_ name: String, _ digits: String) {
            beginMember(name)
            bytes.append(contentsOf: digits.utf8)
        }
        add("ts", Timestamp.rfc3339(.now))
        add("level", "\(event.level)")
        if let name = fields["event"] { add("event", "\(name)") }
        add("role", role)
        for name in fieldNames {
            guard let value = fields[name].map({ "\($0)" }) else { continue }
            if name == "attempt" { addNumber(name, value) } else { add(name, value) }
        }
        add("message", "\(event.message)")
        bytes.append(UInt8(ascii: "}"))
        Talk.say(String(decoding: bytes, as: UTF8.self))
    }
}

extension Instant {
    /// The wall clock, for what people read.
    package static var now: Instant {
        Instant(nanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))
    }
}
