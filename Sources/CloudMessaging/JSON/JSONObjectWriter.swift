/// Writes one compact JSON object, its members in the order in which they are added.
package struct JSONObjectWriter {
    /// What was written; the object is whole after `end()`.
    package private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var isEmpty = true

    package init() {}

    package mutating func add(_ name: String, _ text: String) {
        begin(name)
        JSONStrings.append(text, to: &bytes)
    }

    package mutating func add(_ name: String, _ number: some FixedWidthInteger) {
        begin(name)
        bytes.append(contentsOf: String(number).utf8)
    }

    package mutating func add(_ name: String, _ flag: Bool) {
        begin(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// Adds a JSON text without the white space between its tokens, so that it stays on its line.
    package mutating func add(_ name: String, json: [UInt8]) {
        begin(name)
        var isInString = false
        var isEscaped = false
        for byte in json {
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else {
                guard byte > 0x20 else { continue }
                isInString = byte == UInt8(ascii: "\"")
            }
            bytes.append(byte)
        }
    }

    /// Ends the object.
    package mutating func end() {
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func begin(_ name: String) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        JSONStrings.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
