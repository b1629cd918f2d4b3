import CloudMessaging
import Hummingbird
import RelayService

/// What concerns the relay as a whole.
extension AdminRoute {
    static let orders = [
        AdminRoute(.post, "/v1/reset") { request, context in
            try request.checkQuery(["sender_id"])
            let sender = try request.sender()
            let count = try await context.control.discardMessages(of: sender)
            if sender == nil { try await context.control.clearFaults() }
            try await context.control.forget(sender)
            return Response { $0.add("discarded", count) }
        },
        AdminRoute(.post, "/v1/stop") { request, context in
            try request.checkQuery()
            guard let stop = context.stop else {
                throw AdminError.conflict(
                    "this relay lives in another program, which ends it",
                    hint: "end that program")
            }
            stop()
            return Response(status: .accepted) { $0.add("stopping", true) }
        },
    ]
}
