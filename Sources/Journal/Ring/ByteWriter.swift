import CloudMessaging

/// Writes numbers and texts one after the other, into room that was measured before.
struct ByteWriter {
    private let room: UnsafeMutableRawBufferPointer
    private var position = 0

    init(_ room: UnsafeMutableRawBufferPointer) {
        self.room = room
    }

    mutating func write<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
        room.storeBytes(of: number, toByteOffset: position, as: Number.self)
        position += MemoryLayout<Number>.size
    }

    /// The length and the bytes.
    mutating func write(_ bytes: UnsafeRawBufferPointer) {
        write(UInt32(bytes.count))
        UnsafeMutableRawBufferPointer(rebasing: room[position..<position + bytes.count])
            .copyMemory(from: bytes)
        position += bytes.count
    }

    mutating func write(_ text: String) {
        text.withBytes { write($0) }
    }

    mutating func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { write($0) }
    }

    /// Whether there is one, and the text.
    mutating func write(_ text: String?) {
        write(UInt8(text == nil ? 0 : 1))
        if let text { write(text) }
    }

    /// Bytes that a text or an array takes.
    static func size(bytes count: Int) -> Int { MemoryLayout<UInt32>.size + count }

    /// Bytes that a text takes that may be missing.
    static func size(_ text: String?) -> Int {
        1 + (text.map { size(bytes: $0.utf8.count) } ?? 0)
    }
}

/// Reads what a `ByteWriter` wrote, in the same order.
struct ByteReader {
    private let content: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        content = bytes
    }

    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type = Number.self
    ) -> Number {
        defer { position += MemoryLayout<Number>.size }
        return content.loadUnaligned(fromByteOffset: position, as: type)
    }

    mutating func bytes() -> UnsafeRawBufferPointer {
        let count = Int(number(UInt32.self))
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: content[position..<position + count])
    }

    mutating func text() -> String { String(decoding: bytes(), as: UTF8.self) }

    mutating func array() -> [UInt8] { Array(bytes()) }

    mutating func optionalText() -> String? {
        number(UInt8.self) == 0 ? nil : text()
    }
}
