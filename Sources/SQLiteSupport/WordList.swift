/// Names without spaces, kept in one column: sender IDs and upload IDs, in their order.
package struct WordList {
    /// The names as UTF-8, separated by spaces.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package init(_ words: [String]) {
        for word in words { append(word) }
    }

    package mutating func append(_ word: String) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
        bytes.append(contentsOf: word.utf8)
    }

    /// Keeps the memory for the next list.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    package static func split(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }
}
