import ArgumentParser
import Command
import TLSEngine

/// `gcm-relay trust print`
struct TrustPrint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print", abstract: "Prints the CA's certificate, as PEM.")

    @OptionGroup var options: TrustOptions

    func run() async throws {
        try await options.withAuthority { authority, _ in
            let certificate = try authority.authority.certificatePEM()
            StandardOutput.print(String(decoding: certificate, as: UTF8.self))
        }
    }
}
