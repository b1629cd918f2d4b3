import ArgumentParser

/// `gcm-relay trust`
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Helps clients to trust the relay's certificate.",
        discussion: """
            Each user has a CA on each machine, in the state directory; it is made when it is \
            first needed. Nothing is changed outside that directory.
            """,
        subcommands: [TrustPrint.self, TrustEnvironment.self, TrustJava.self])
}
