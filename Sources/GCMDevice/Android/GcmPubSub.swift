internal import CloudMessaging

/// Topics as an Android app knows them: a message to a topic reaches all apps that subscribed.
public final class GcmPubSub: Sendable {
    private let gcm: GoogleCloudMessaging

    private init(_ gcm: GoogleCloudMessaging) {
        self.gcm = gcm
    }

    /// The topics of one app.
    public static func getInstance(_ gcm: GoogleCloudMessaging) -> GcmPubSub {
        GcmPubSub(gcm)
    }

    /// Subscribes the app to a topic; once more is no error.
    ///
    /// - Parameters:
    ///   - registrationToken: what ``GoogleCloudMessaging/getToken(_:scope:)`` gave.
    ///   - topic: `/topics/` and a name of letters, digits, `-`, `_`, `.`, `~` or `%`.
    /// - Throws: `illegalArgument` for a topic that is none; `mainThread`; `serviceNotAvailable`
    ///   without a connection; `invalidParameters` when the app has not that token.
    public func subscribe(
        registrationToken: String, topic: String
    ) async throws(GoogleCloudMessagingError) {
        guard !isOnMainThread(#isolation) else { throw .mainThread }
        try await gcm.ask(.subscribe(Self.name(topic)), token: registrationToken)
    }

    /// Ends a subscription; once more is no error.
    ///
    /// - Throws: as ``subscribe(registrationToken:topic:)``.
    public func unsubscribe(
        registrationToken: String, topic: String
    ) async throws(GoogleCloudMessagingError) {
        guard !isOnMainThread(#isolation) else { throw .mainThread }
        try await gcm.ask(.unsubscribe(Self.name(topic)), token: registrationToken)
    }

    private static func name(_ topic: String) throws(GoogleCloudMessagingError) -> TopicName {
        guard let name = TopicName(address: topic) else {
            throw GoogleCloudMessagingError(
                .illegalArgument, "Invalid topic name: \(topic)",
                detail: "/topics/ and letters, digits, '-', '_', '.', '~' or '%' are needed")
        }
        return name
    }
}
