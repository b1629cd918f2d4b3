import CloudMessaging
import Command
import Foundation

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Asks a running relay over HTTP: one request, one connection, read to its end.
struct AdminClient {
    /// As people know it.
    let url: String
    private let host: String
    private let port: Int

    struct Answer {
        let status: Int
        /// By their names in lower case.
        let headers: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            do {
                return try decoder.decode(type, from: Data(body))
            } catch {
                throw CommandFailure(
                    .protocolBroken, "this is no answer of a relay's: \(text.prefix(200))",
                    remedy: "look at the address, and that relay and program are of one version")
            }
        }
    }

    init(url: String) throws(CommandFailure) {
        guard let parts = URL(string: url), parts.scheme == "http", let host = parts.host,
            !host.isEmpty
        else {
            throw CommandFailure(
                .usage, "\"\(url)\" is no address of a relay", remedy: "write http://HOST:PORT")
        }
        self.url = url
        self.host = host
        port = parts.port ?? 80
    }

    // MARK: Asking

    /// Whatever the answer is.
    func ask(
        _ method: String, _ path: String, query: [(String, String?)] = [], body: String = ""
    ) throws(CommandFailure) -> Answer {
        let parameters = query.compactMap { name, value in
            value.map { "\(name)=\(Self.escaped($0))" }
        }
        let target = parameters.isEmpty ? path : path + "?" + parameters.joined(separator: "&")
        let name = host.contains(":") ? "[\(host)]" : host
        let head = [
            "\(method) \(target) HTTP/1.1", "Host: \(name):\(port)", "Connection: close",
            "Content-Length: \(body.utf8.count)",
        ]
        let descriptor = try connect()
        defer { close(descriptor) }
        try write(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8), to: descriptor)
        return try parse(try readAll(from: descriptor))
    }

    /// The answer, if it is what was asked for; else why not.
    func need(
        _ method: String, _ path: String, query: [(String, String?)] = [], body: String = ""
    ) throws -> Answer {
        let answer = try ask(method, path, query: query, body: body)
        guard (200..<300).contains(answer.status) else { throw try failure(answer) }
        return answer
    }

    /// What a refusal means to whoever called the program.
    func failure(_ answer: Answer) throws -> CommandFailure {
        struct Refusal: Decodable {
            struct Reason: Decodable {
                let code: String
                let message: String
                let hint: String
            }

            let error: Reason
        }
        let error = try answer.decode(Refusal.self).error
        let status: ExitStatus =
            switch answer.status {
            case 400, 405, 413: .usage
            case 403, 503: .unavailable
            default: .failed
            }
        return CommandFailure(status, error.message, remedy: error.hint)
    }

    /// A part of a path or of a query.
    static func escaped(_ text: String) -> String {
        var plain = CharacterSet.alphanumerics
        plain.insert(charactersIn: "-._~")
        plain.formIntersection(CharacterSet(charactersIn: Unicode.Scalar(0)..."~"))
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    /// A part of a path that names a message: never the name of a resource, as `wait` is one, since
    /// its first letter is escaped, too.
    static func escaped(messageID id: String) -> String {
        guard let first = id.utf8.first, ("a"..."z").contains(Unicode.Scalar(first)) else {
            return escaped(id)
        }
        return "%" + String(first, radix: 16) + escaped(String(id.unicodeScalars.dropFirst()))
    }

    // MARK: The connection

    private func connect() throws(CommandFailure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0 else { throw unreachable() }
        defer { freeaddrinfo(found) }
        var next = found
        while let address = next?.pointee {
            let descriptor = socket(address.ai_family, address.ai_socktype, 0)
            if Foundation.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 {
                return descriptor
            }
            close(descriptor)
            next = address.ai_next
        }
        throw unreachable()
    }

    private func unreachable() -> CommandFailure {
        CommandFailure(
            .unavailable, "no relay answers at \(url)",
            remedy: "start gcm-relay serve, or say where it is: --admin URL, GCM_RELAY_ADMIN_URL")
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(CommandFailure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            // Who refuses a body reads no more of it, and has answered.
            guard count > 0 else { return }
            sent += count
        }
    }

    private func readAll(from descriptor: Int32) throws(CommandFailure) -> [UInt8] {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        guard !received.isEmpty else { throw unreachable() }
        return received
    }

    private func parse(_ bytes: [UInt8]) throws(CommandFailure) -> Answer {
        let end = Array("\r\n\r\n".utf8)
        guard let head = bytes.firstRange(of: end) else { throw noAnswer() }
        let line = String(decoding: bytes[..<head.lowerBound], as: UTF8.self)
        let words = line.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/"), let status = Int(words[1])
        else { throw noAnswer() }
        let fields = line.components(separatedBy: "\r\n").dropFirst().compactMap { field in
            field.firstIndex(of: ":").map { colon in
                (
                    field[..<colon].lowercased(),
                    field[field.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                )
            }
        }
        return Answer(
            status: status, headers: Dictionary(fields) { first, _ in first },
            body: Array(bytes[head.upperBound...]))
    }

    private func noAnswer() -> CommandFailure {
        CommandFailure(
            .protocolBroken, "what answers at \(url) is no HTTP server",
            remedy: "the admin port is that of admin= in the ready line")
    }
}
