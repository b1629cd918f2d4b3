/// Why an app server cannot run.
public struct GCMAppServerError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case invalidConfiguration, missingTrust, unusableTrust, loginRefused, alreadyRun
        }

        private let name: Name

        /// A value in the configuration that nothing can be done with.
        public static let invalidConfiguration = Code(name: .invalidConfiguration)
        /// The file of trusted CAs is not there, or may not be read.
        public static let missingTrust = Code(name: .missingTrust)
        /// The file of trusted CAs holds none.
        public static let unusableTrust = Code(name: .unusableTrust)
        /// The relay refused the sender ID with this API key. Trying again is useless.
        public static let loginRefused = Code(name: .loginRefused)
        /// ``GCMAppServer/run()`` was called a second time.
        public static let alreadyRun = Code(name: .alreadyRun)

        /// The name of the code.
        public var description: String { name.rawValue }
    }

    /// What kind of failure it was.
    public let code: Code
    /// What was wrong, where, and what to do.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
