#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// What a program says to people: on standard error, never among its results.
package enum Talk {
    /// What cannot be said is lost: there is nowhere to complain.
    package static func say(_ text: String) {
        Array((text + "\n").utf8).withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest)
                let count = write(STDERR_FILENO, piece.baseAddress, piece.count)
                guard count >= 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(count, 0))
            }
        }
    }

    /// One failure, in the form that compilers use.
    package static func say(_ failure: CommandFailure) {
        say("error: \(failure)")
    }
}
