import CloudMessaging
import Command
import Foundation
import RelayService
import Scenario
import TLSEngine

/// The variables by which a command finds and trusts the relay (contract: "exec").
enum ExecEnvironment {
    /// - Parameter guest: the app server under test, if a scenario says who that is.
    static func variables(
        _ settings: ServeSettings, _ note: ReadyNote, guest: ExternalPlan? = nil
    ) throws(CommandFailure) -> [(name: String, value: String)] {
        let project = settings.projects.first
        let sender = (guest?.sender ?? project?.sender)?.text ?? Defaults.senderID
        let key = guest?.apiKey ?? project?.key ?? Defaults.apiKey
        let own = [
            ("GCM_RELAY_HOST", note.xmpp.host),
            ("GCM_RELAY_PORT", "\(note.xmpp.port)"),
            ("GCM_RELAY_DEVICE_PORT", "\(note.device.port)"),
            ("GCM_RELAY_ADMIN_URL", note.admin),
            ("GCM_RELAY_CA_FILE", note.ca),
            ("GCM_RELAY_SENDER_ID", sender),
            ("GCM_RELAY_API_KEY", key),
        ]
        return own + (try trust(settings.state.path))
    }

    private static func trust(
        _ directory: String
    ) throws(CommandFailure) -> [(name: String, value: String)] {
        do throws(TrustError) {
            let now = Int64(Date().timeIntervalSince1970)
            let authority = try LocalAuthority(directory: directory, now: now)
            return try ClientTrust(of: authority, now: now).environment(
                javaToolOptions: ProcessInfo.processInfo.environment["JAVA_TOOL_OPTIONS"])
        } catch {
            throw CommandFailure(RelayStartError.trust(error))
        }
    }
}
