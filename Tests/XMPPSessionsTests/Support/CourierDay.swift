import CloudMessaging
import Foundation

@testable import XMPPSessions

/// The lines of `Fixtures/messages/courier-day.jsonl`, each as the device library would keep it.
enum CourierDay {
    static func messages() throws -> [PendingMessage] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "../../../Fixtures/messages/courier-day.jsonl")
        let text = [UInt8](try Data(contentsOf: file))
        return try text.split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
            try message(Array(line), number: index + 1)
        }
    }

    private static func message(_ line: [UInt8], number: Int) throws -> PendingMessage {
        let (members, data) = try line.withUnsafeBufferPointer { bytes in
            var members: [String: String] = [:]
            var data = DataPayload.empty
            var scanner = JSONScanner(bytes)
            try scanner.scanObject { key, value in
                let name = JSONStrings.decode(key, in: bytes) ?? ""
                if name == "data" { data = DataPayload(json: Array(bytes[value.range])) }
                if value.kind == .string { members[name] = JSONStrings.decode(value, in: bytes) }
            }
            return (members, data)
        }
        return PendingMessage(
            number: Int64(number), category: try Category(members["app"].orThrow()).orThrow(),
            to: "555000111222@gcm.googleapis.com",
            id: try MessageID(members["message_id"].orThrow()).orThrow(),
            uploadID: try UploadID("u-\(number)").orThrow(), data: data, timeToLive: 3_600,
            expiry: .never)
    }
}
