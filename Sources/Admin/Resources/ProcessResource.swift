import CloudMessaging
import Foundation
import Hummingbird
import NIOPosix
import NetworkRuntime
import RelayMachine
import RelayService

/// The relay's process: whether it lives, whether it serves, what it counts, what it was started
/// with.
extension AdminRoute {
    static let process = [
        AdminRoute(.get, "/livez") { request, _ in
            try request.checkQuery()
            return Response(text: "ok\n")
        },
        AdminRoute(.get, "/readyz") { request, context in
            try request.checkQuery()
            guard let reason = await whyNotReady(context.relay) else {
                return Response(text: "ok\n")
            }
            return Response(status: .serviceUnavailable, text: "\(reason)\n")
        },
        AdminRoute(.get, "/version") { request, context in
            try request.checkQuery()
            return Response {
                $0.add("name", "gcm-relay")
                $0.add("version", context.version)
            }
        },
        AdminRoute(.get, "/metrics") { request, context in
            try request.checkQuery()
            return Response(
                text: Metrics.text(try await context.relay.status()),
                type: "text/plain; version=0.0.4; charset=utf-8")
        },
        AdminRoute(.get, "/v1/ports") { request, context in
            try request.checkQuery()
            let ports = context.relay.ports
            return Response {
                $0.add("host", ports.host)
                $0.add("xmpp", ports.xmpp)
                $0.add("preprod", ports.preprod)
                $0.add("device", ports.device)
            }
        },
        AdminRoute(.get, "/v1/settings") { request, context in
            try request.checkQuery()
            return Response { $0.add("settings", list: context.settings.map(\.json)) }
        },
        AdminRoute(.get, "/v1/ca.pem") { request, context in
            try request.checkQuery()
            let file = context.relay.authorityFile
            let pem = try await NIOThreadPool.singleton.runIfActive {
                FileManager.default.contents(atPath: file)
            }
            guard let pem else {
                throw AdminError.notFound(
                    "\(file) is gone", hint: "start the relay again with the same --state-dir")
            }
            return Response(bytes: Array(pem), type: "application/x-pem-file")
        },
        AdminRoute(.get, "/v1/trust.jks") { request, context in
            try request.checkQuery()
            return Response(
                bytes: try context.relay.javaTrustStore(), type: "application/x-java-keystore")
        },
    ]

    private static func whyNotReady(_ relay: RelayService) async -> String? {
        guard let status = try? await relay.status() else { return "the relay has ended" }
        if status.isEnding { return "the relay ends" }
        return status.storeFailure.map { "the store takes nothing: \($0)" }
    }
}

extension AdminContext.Setting {
    fileprivate var json: [UInt8] {
        var object = JSONObjectWriter()
        object.add("name", name)
        object.add("values", texts: values)
        object.add("origin", origin)
        object.end()
        return object.bytes
    }
}
