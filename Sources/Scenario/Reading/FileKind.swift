/// What a file is to be: messages name it, and say how it begins.
struct FileKind {
    let name: String
    let example: String

    static let scenario = FileKind(name: "scenario", example: "scenario: NAME")
    static let faults = FileKind(
        name: "list of faults", example: "- {on: upstream.ack, do: drop}")

    // MARK: Reading

    /// - Parameter path: `-` is standard input; a pipe is read to its end.
    func text(ofFile path: String) throws(ScenarioFileError) -> String {
        let bytes = try bytes(ofFile: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let (place, byte) = Self.firstFault(in: bytes)
            throw ScenarioFileError(
                path, "byte 0x\(byte) is no UTF-8", at: place, remedy: "write the file as UTF-8")
        }
        return text
    }

    private func bytes(ofFile path: String) throws(ScenarioFileError) -> [UInt8] {
        do {
            // What is too big is not read to its end.
            return try LimitedFile(path).bytes(atMost: ScenarioLimits.fileBytes)
        } catch {
            switch error {
            case .absent:
                throw ScenarioFileError(path, "there is no such file", remedy: "look at the path")
            case .isDirectory:
                throw ScenarioFileError(
                    path, "this is a directory", remedy: "name a file: \(path)/NAME.yaml")
            case .unreadable(let reason):
                throw ScenarioFileError(
                    path, "the file cannot be read: \(reason)", remedy: "look at its permissions")
            case .tooBig(let size): throw tooBig(path, size: size)
            }
        }
    }

    /// The first byte that is none of a UTF-8 text, and where it stands.
    private static func firstFault(in bytes: [UInt8]) -> (SourcePlace, String) {
        var (line, column, offset) = (1, 1, 0)
        var rest = bytes.makeIterator()
        var decoder = UTF8()
        while case .scalarValue(let scalar) = decoder.decode(&rest) {
            offset += UTF8.width(scalar)
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        let byte = offset < bytes.count ? bytes[offset] : 0
        return (SourcePlace(line: line, column: column), String(byte, radix: 16, uppercase: true))
    }

    /// Nil: it is not.
    func tooBig(_ size: Int, _ path: String) -> ScenarioFileError? {
        size > ScenarioLimits.fileBytes ? tooBig(path, size: size) : nil
    }

    /// - Parameter size: nil: it is not known, only that it is too big.
    private func tooBig(_ path: String, size: Int?) -> ScenarioFileError {
        let size = size.map { "\($0) bytes" } ?? "\(ScenarioLimits.fileBytes + 1) bytes or more"
        return ScenarioFileError(
            path,
            "the file has \(size), and a \(name) at most \(ScenarioLimits.fileBytes)",
            remedy: "make several of it")
    }
}

extension ScenarioFileError {
    /// A fault of the whole file.
    fileprivate init(
        _ path: String, _ problem: String, at place: SourcePlace? = nil, remedy: String
    ) {
        problems = [ScenarioProblem(path: path, place: place, problem: problem, remedy: remedy)]
        more = 0
    }
}
