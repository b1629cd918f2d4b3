package import TLSEngine

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// What the relay of live plays presents, and what its clients trust; one for many plays.
package struct LiveTrust: Sendable {
    let server: TLSContext
    let client: TLSContext
    /// The file that an app server under test has to trust.
    package let authorityFile: String

    /// Opens the CA in a directory, or makes it there.
    package init(directory: String) throws(TrustError) {
        let now = Int64(time(nil))
        let authority = try LocalAuthority(directory: directory, now: now)
        server = try TLSContext(server: authority.serverIdentity(now: now))
        authorityFile = authority.certificateFile
        client = try TLSContext(clientTrusting: authorityFile)
    }
}
