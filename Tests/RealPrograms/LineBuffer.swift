/// Text cut into lines at LF and nowhere else: a line may hold U+0085 or U+2028.
struct LineBuffer: Sendable {
    private(set) var lines: [String] = []
    private var rest: [UInt8] = []

    mutating func append(_ bytes: some Collection<UInt8>) {
        rest.append(contentsOf: bytes)
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return }
        for line in rest[..<end].split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        {
            lines.append(String(decoding: line, as: UTF8.self))
        }
        rest.removeSubrange(...end)
    }
}
