import CloudMessaging
import Foundation

/// What a relay tells other programs once it is ready (contract: "Ready line").
package struct ReadyNote: Codable, Sendable, Equatable {
    package struct Endpoint: Codable, Sendable, Equatable {
        package let host: String
        package let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        package var text: String {
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    package let event: String
    package let role: String
    package let xmpp: Endpoint
    package let preprod: Endpoint
    package let device: Endpoint
    package let admin: String
    package let ca: String
    package let pid: Int32
    package let version: String

    package init(
        xmpp: Endpoint, preprod: Endpoint, device: Endpoint, admin: String, ca: String,
        pid: Int32, version: String
    ) {
        event = "ready"
        role = "gcm-relay"
        self.xmpp = xmpp
        self.preprod = preprod
        self.device = device
        self.admin = admin
        self.ca = ca
        self.pid = pid
        self.version = version
    }

    /// The line on standard output.
    package var line: String {
        "READY gcm-relay xmpp=\(xmpp.text) preprod=\(preprod.text) device=\(device.text)"
            + " admin=\(admin) ca=\(ca) pid=\(pid)"
    }

    /// The note as compact JSON, members in the contract's order.
    package var json: String {
        func endpoint(_ endpoint: Endpoint) -> String {
            "{\"host\":\(quoted(endpoint.host)),\"port\":\(endpoint.port)}"
        }
        return "{\"event\":\"ready\",\"role\":\"gcm-relay\",\"xmpp\":\(endpoint(xmpp))"
            + ",\"preprod\":\(endpoint(preprod)),\"device\":\(endpoint(device))"
            + ",\"admin\":\(quoted(admin)),\"ca\":\(quoted(ca)),\"pid\":\(pid)"
            + ",\"version\":\(quoted(version))}"
    }

    /// Writes the note to a file that is never seen half-written.
    package func write(to file: String) throws(CommandFailure) {
        do {
            let temporary = file + ".tmp"
            try Data((json + "\n").utf8).write(to: URL(fileURLWithPath: temporary))
            guard rename(temporary, file) == 0 else {
                throw CocoaError(.fileWriteUnknown)
            }
        } catch {
            throw CommandFailure(
                .cannotCreate, "the ready file \(file) cannot be written: \(error)")
        }
    }

    /// Reads a note; nil when there is none, or none that this program understands.
    package static func read(from file: String) -> ReadyNote? {
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        return try? JSONDecoder().decode(ReadyNote.self, from: data)
    }

    /// Whether the relay that wrote the note still runs; a killed one leaves its note behind.
    package var isCurrent: Bool {
        kill(pid, 0) == 0 || errno == EPERM
    }

    /// Removes the note of a process; that of a relay that came after it stays.
    package static func withdraw(from file: String, of pid: Int32) {
        guard read(from: file)?.pid == pid else { return }
        try? FileManager.default.removeItem(atPath: file)
    }
}

private func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONStrings.append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}
