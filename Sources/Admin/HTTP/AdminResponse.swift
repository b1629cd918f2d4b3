import CloudMessaging
import Hummingbird
import NIOCore

extension Response {
    init(
        status: HTTPResponse.Status = .ok, text: String,
        type: String = "text/plain; charset=utf-8"
    ) {
        self.init(status: status, bytes: Array(text.utf8), type: type)
    }

    init(status: HTTPResponse.Status = .ok, bytes: [UInt8], type: String) {
        self.init(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// One compact JSON text and a line feed.
    init(status: HTTPResponse.Status = .ok, json: [UInt8]) {
        self.init(
            status: status, bytes: json + [UInt8(ascii: "\n")], type: "application/json")
    }

    /// One JSON object.
    init(
        status: HTTPResponse.Status = .ok, object: (inout JSONObjectWriter) -> Void
    ) {
        var writer = JSONObjectWriter()
        object(&writer)
        writer.end()
        self.init(status: status, json: writer.bytes)
    }
}

extension JSONObjectWriter {
    /// Adds what there is; nothing for nil.
    mutating func add(_ name: String, ifAny text: String?) {
        if let text { add(name, text) }
    }

    mutating func add(_ name: String, ifAny number: Int?) {
        if let number { add(name, number) }
    }

    mutating func add(_ name: String, _ instant: Instant?) {
        if let instant { add(name, Timestamp.rfc3339(instant)) }
    }

    mutating func add(_ name: String, list: [[UInt8]]) {
        add(name, json: JSONList.bytes(list))
    }

    mutating func add(_ name: String, texts: [String]) {
        add(name, list: texts.map(JSONList.text))
    }

    /// Adds an object.
    mutating func add(_ name: String, object: (inout JSONObjectWriter) -> Void) {
        var writer = JSONObjectWriter()
        object(&writer)
        writer.end()
        add(name, json: writer.bytes)
    }
}

enum JSONList {
    static func bytes(_ elements: [[UInt8]]) -> [UInt8] {
        var bytes = [UInt8(ascii: "[")]
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += element
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    static func text(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONStrings.append(text, to: &bytes)
        return bytes
    }
}
