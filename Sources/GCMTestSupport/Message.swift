internal import CloudMessaging
internal import Journal
internal import RelayService

extension TestRelay {
    /// A message as the relay knows it at one moment.
    public struct Message: Sendable {
        /// As its sender gave it.
        public let messageID: String?
        /// Which way it goes.
        public let direction: Direction
        /// Where it stands.
        public let state: State
        /// How often the relay has sent it.
        public let attempts: Int
        /// The project it is for, or from.
        public let senderID: String?
        /// The registration token of the app instance that sent it, or gets it.
        public let token: String?
        /// Which app that is, such as `com.example.app`.
        public let category: String?
        /// The pairs in their order. Swift takes keys for equal that differ in their bytes;
        /// ``subscript(_:)`` does not.
        public let data: [(key: String, value: String)]

        /// The value of the key with these very bytes.
        public subscript(key: String) -> String? {
            data.last { $0.key.hasSameBytes(as: key) }?.value
        }

        /// Which way it goes.
        public enum Direction: String, Sendable, CaseIterable {
            case upstream, downstream
        }

        /// Where a message stands.
        public enum State: String, Sendable, CaseIterable {
            /// It waits to be sent, or to be sent again.
            case queued
            /// It waits for its app server, which has just come back.
            case held
            /// It was sent, and no ACK has come.
            case inFlight = "in-flight"
            /// It was ACKed.
            case settled
            /// Its time to live is over.
            case expired
            /// It was given up.
            case discarded
        }
    }
}

extension TestRelay.Message {
    init(_ record: MessageRecord) {
        messageID = record.messageID?.text
        direction = record.direction == .upstream ? .upstream : .downstream
        state =
            switch record.state {
            case .queued: .queued
            case .held: .held
            case .inFlight: .inFlight
            case .settled: .settled
            case .expired: .expired
            case .discarded: .discarded
            }
        attempts = record.attempts
        senderID = record.sender?.text
        token = record.from?.text
        category = record.category?.text
        data = record.data?.pairs ?? []
    }
}
