/// Names without spaces, kept in one column: sender IDs and upload IDs, in their order.
package enum WordList {
    package static func join(_ words: some Sequence<String>, into bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        for word in words {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
            bytes.append(contentsOf: word.utf8)
        }
    }

    package static func join(_ words: some Sequence<String>) -> String {
        var bytes: [UInt8] = []
        join(words, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func split(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }
}
