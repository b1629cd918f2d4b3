internal import MessageStore
internal import TLSEngine

/// Why a device cannot be opened or used.
public struct GCMDeviceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is; more kinds may come.
    public struct Code: Hashable, Sendable {
        private enum Kind {
            case configuration, missingTrust, unusableTrust, stateFileNotOurs, stateFileInUse
            case stateFileNotWritable, closed
        }

        private let kind: Kind

        /// A value in the configuration makes no sense.
        public static let configuration = Code(kind: .configuration)
        /// The CA file does not exist or cannot be read.
        public static let missingTrust = Code(kind: .missingTrust)
        /// The CA file holds no certificates.
        public static let unusableTrust = Code(kind: .unusableTrust)
        /// The state file is something else, or was written by a newer version.
        public static let stateFileNotOurs = Code(kind: .stateFileNotOurs)
        /// Another device has the state file open.
        public static let stateFileInUse = Code(kind: .stateFileInUse)
        /// The state file cannot be made, read or written.
        public static let stateFileNotWritable = Code(kind: .stateFileNotWritable)
        /// The device was closed.
        public static let closed = Code(kind: .closed)
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was wrong, where, and what to do.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    static let closed = GCMDeviceError(.closed, "the device was closed; open it again")
}

extension GCMDeviceError {
    init(_ error: TrustError) {
        switch error {
        case .missing, .unreadable: self.init(.missingTrust, "the CA file \(error)")
        default: self.init(.unusableTrust, "\(error)")
        }
    }

    init(_ error: StoreOpenError) {
        switch error.reason {
        case .notADatabase, .foreign, .newerSchema:
            self.init(.stateFileNotOurs, error.description)
        case .inUse: self.init(.stateFileInUse, error.description)
        case .directoryMissing, .notWritable, .failed:
            self.init(.stateFileNotWritable, error.description)
        }
    }
}
