internal import CloudMessaging
internal import Foundation
public import Logging
internal import Nodes
internal import RelayMachine
internal import RelayService

extension TestRelay {
    /// What differs from test to test; everything else is as `gcm-relay serve` has it.
    public struct Settings: Sendable {
        /// The project number that devices send to, and app servers log in as.
        public var senderID = "555000111222"
        /// The password of app servers.
        public var apiKey = "demo-key"
        /// How long the relay waits for an ACK before it sends a message again; the pause doubles
        /// from attempt to attempt.
        public var firstRetry: Duration
        /// No pause between attempts is longer.
        public var longestRetry = Duration.seconds(180)
        /// Share by which a pause varies by chance, 0…1; 0 to know when an attempt comes.
        public var retryJitter = 0.0
        /// Messages without an ACK that one connection may have; then the relay waits.
        public var maxUnacked = 100
        /// Rules all randomness of the relay.
        public var seed: UInt64 = 1
        /// Where the relay's log goes; nowhere unless told otherwise.
        public var logger = Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() }

        /// - Parameter firstRetry: a short one makes tests of retries short.
        public init(firstRetry: Duration = .seconds(10)) {
            self.firstRetry = firstRetry
        }
    }
}

extension TestRelay.Settings {
    /// A relay on free ports.
    func configuration(in directory: String) throws(TestRelayError) -> RelayConfiguration {
        guard let sender = SenderID(senderID) else {
            throw TestRelayError("\"\(senderID)\" is no sender ID: write a project number")
        }
        guard firstRetry > .zero, longestRetry >= firstRetry, (0...1).contains(retryJitter) else {
            throw TestRelayError(
                "retries after \(firstRetry) up to \(longestRetry) by \(retryJitter): the first "
                    + "must be longer than nothing, the longest no shorter, the jitter 0…1")
        }
        guard maxUnacked > 0 else { throw TestRelayError("maxUnacked must be at least 1") }
        var configuration = RelayConfiguration(
            store: .memory, trustDirectory: directory, seed: seed)
        configuration.port = 0
        configuration.preprodPort = 0
        configuration.devicePort = 0
        configuration.node.machine.projects = [sender: apiKey]
        configuration.node.machine.retry = RetrySchedule(
            first: firstRetry, longest: longestRetry, jitter: retryJitter)
        configuration.node.machine.maxUnacked = maxUnacked
        // Nobody is to wait for whoever forgot to hang up.
        configuration.node.machine.drainGrace = .milliseconds(100)
        // On a busy machine a login may take its time.
        configuration.node.handshakeTimeout = .seconds(120)
        configuration.node.loginTimeout = .seconds(120)
        return configuration
    }
}
