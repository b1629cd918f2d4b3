import Foundation

/// Asks a server on this machine, in HTTP/1.0: one request, one connection, read to its end.
package enum LocalHTTP {
    package struct Answer: Sendable {
        package let status: Int
        /// By their names in lower case.
        package let headers: [String: String]
        package let body: String
        /// The body as it came.
        package let bytes: [UInt8]
    }

    /// How long a server may be silent.
    private static let silence = 15

    /// GETs a path from 127.0.0.1.
    package static func get(_ path: String, port: Int) async throws -> Answer {
        try await ask("GET", path, port: port)
    }

    /// Sends a request to 127.0.0.1 and reads the whole answer.
    ///
    /// - Parameter end: of an answer without an end, what to read up to; nil: all of it.
    package static func ask(
        _ method: String, _ path: String, body: String = "", headers: [String: String] = [:],
        until end: String? = nil, port: Int
    ) async throws -> Answer {
        var lines = ["\(method) \(path) HTTP/1.0", "Connection: close"]
        lines += headers.map { "\($0.key): \($0.value)" }
        if headers["Host"] == nil { lines.append("Host: localhost") }
        lines.append("Content-Length: \(body.utf8.count)")
        return try await ask(
            lines.joined(separator: "\r\n") + "\r\n\r\n" + body, until: end, port: port)
    }

    /// Sends 127.0.0.1 what need not be HTTP, and reads the whole answer.
    package static func ask(
        _ request: String, until end: String? = nil, port: Int
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            // A blocking socket: on a thread of Dispatch, where it holds up no task.
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result { try blocking(request, until: end, port: port) })
            }
        }
    }

    private static func blocking(
        _ request: String, until end: String?, port: Int
    ) throws -> Answer {
        let path = request.prefix { !$0.isNewline }.prefix(80).description
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: silence, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        try connect(descriptor, to: port)
        let bytes = Array(request.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            // Who has refused a body reads no more of it; the answer is there all the same.
            guard count > 0 else { break }
            sent += count
        }
        guard sent > 0 else { throw failure(path, port) }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 || !received.isEmpty else { throw failure(path, port) }
            guard count > 0 else { break }
            received.append(contentsOf: buffer[..<count])
            if let end, String(decoding: received, as: UTF8.self).contains(end) { break }
        }
        return try parse(received)
    }

    private static func connect(_ descriptor: Int32, to port: Int) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw failure("connecting", port) }
    }

    private static func parse(_ received: [UInt8]) throws -> Answer {
        let end = received.firstRange(of: Array("\r\n\r\n".utf8))
        let text = String(decoding: received, as: UTF8.self)
        let words = text.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count > 1, let status = Int(words[1]), let end
        else { throw ProgramFailure("no HTTP answer: \(text.prefix(200))") }
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(
            separatedBy: "\r\n"
        ).dropFirst()
        let headers = lines.compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...]
            return (line[..<colon].lowercased(), value.trimmingCharacters(in: .whitespaces))
        }
        return Answer(
            status: status, headers: Dictionary(headers) { first, _ in first },
            body: String(decoding: received[end.upperBound...], as: UTF8.self),
            bytes: Array(received[end.upperBound...]))
    }

    private static func failure(_ what: String, _ port: Int) -> ProgramFailure {
        ProgramFailure("HTTP on port \(port): \(what): \(String(cString: strerror(errno)))")
    }
}
