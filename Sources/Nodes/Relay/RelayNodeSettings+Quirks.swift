package import CloudMessaging
import RelayMachine
import XMPPSessions

extension RelayNodeSettings {
    /// Every quirk of a relay, in the order of `config show` (docs/configuration.md has their
    /// sources).
    package static let quirks: [Quirk<RelayNodeSettings>] = [
        .choice("xml-declaration", \.wire.xmlDeclaration),
        .choice("features-prefix", \.wire.featuresPrefix),
        .choice("session-feature", \.wire.sessionFeature),
        .choice("resource", \.wire.resource),
        .choice("after-login-failure", \.wire.afterLoginFailure),
        .choice("over-connection-limit", \.wire.overConnectionLimit),
        .choice("message-attributes", \.wire.messageAttributes),
        .choice("stanza-id", \.wire.stanzaID),
        .choice("upstream-members", \.wire.upstreamMembers),
        .choice("answer-prefix", \.wire.answerPrefix),
        .choice("error-description", \.wire.errorDescription),
        .choice("condition", \.wire.condition),
        .choice("unknown-ack", \.machine.quirks.unknownACK),
        .choice("requests-past-limit", \.machine.quirks.requestsPastLimit),
        .choice("draining", \.machine.quirks.draining),
        .time("idle-timeout", \.machine.quirks.idleTimeout),
        .time("session-max-age", \.machine.quirks.sessionMaxAge),
        .rate("device-rate", \.machine.quirks.deviceRate),
        .rate("topic-rate", \.machine.quirks.topicRate),
        .choice("apns-credential", \.machine.quirks.apnsCredential),
    ]
}
