import Command
import Foundation

/// Where a sweep writes the play that went wrong. Nothing is written while all goes well.
struct SweepOutput {
    /// Nil: `sweep-SEED.yaml`, here.
    private let path: String?

    /// Tries whether the file can be made, before minutes are spent on what it is for.
    ///
    /// - Parameter files: what is played; it must not take their place.
    init(path: String?, playing files: [String]) throws(CommandFailure) {
        self.path = path
        let file = Self.file(path ?? "sweep.yaml")
        guard !files.contains(where: { Self.file($0) == file }) else {
            throw CommandFailure(
                .usage, "the smallest play would go to \(path ?? ""), which is played",
                remedy: "write --output with another file")
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        let type = attributes?[.type] as? FileAttributeType
        // What takes the place of a device or a pipe would end it.
        guard type == nil || type == .typeRegular else {
            let code = type == .typeDirectory ? POSIXError.EISDIR : .EEXIST
            throw Self.failure(path ?? file.path, .cannotCreate, POSIXError(code))
        }
        let draft = file.deletingLastPathComponent().appending(path: ".\(UUID().uuidString)")
        do {
            try Data().write(to: draft)
            try FileManager.default.removeItem(at: draft)
        } catch {
            throw Self.failure(path ?? file.path, .cannotCreate, error)
        }
    }

    /// - Returns: the file's path.
    func write(_ text: String, seed: UInt64) throws(CommandFailure) -> String {
        let path = path ?? "sweep-\(seed).yaml"
        do {
            try Data(text.utf8).write(to: Self.file(path), options: .atomic)
        } catch {
            throw Self.failure(path, .ioError, error)
        }
        return path
    }

    private static func file(_ path: String) -> URL {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL
    }

    private static func failure(
        _ path: String, _ status: ExitStatus, _ error: any Error
    ) -> CommandFailure {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
        let code = (cause as? POSIXError)?.code.rawValue ?? Int32((cause as NSError).code)
        return CommandFailure(
            status,
            "\(path) cannot be \(status == .ioError ? "written" : "made"): "
                + String(cString: strerror(code)),
            remedy: "name a file in a folder that can be written to: --output FILE")
    }
}
