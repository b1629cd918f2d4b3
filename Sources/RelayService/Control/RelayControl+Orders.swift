package import CloudMessaging
package import Faults
import MessageStore
import NetworkRuntime
package import Nodes
package import RelayMachine

/// What is done to messages, connections and faults.
extension RelayControl {
    // MARK: Messages

    /// Ends a message that has not ended; false: it has, or is on its way to its device.
    package func end(_ record: MessageRecord, as ending: HandEnding) async throws -> Bool {
        let number = record.number
        // The journal's may be of another life: only what the store has can be ended.
        let kept = try await runtime.withStore { try $0.messages(numbered: number) }
        return try await runtime.withNode { $0.end(kept, as: ending) } > 0
    }

    /// An ID that no device and nobody else makes.
    package nonisolated func newMessageID() -> MessageID {
        let name = "by-hand-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard let id = MessageID(name) else { preconditionFailure("\(name) is an ID") }
        return id
    }

    /// Puts a message in as if its registration had sent it; returns its number.
    ///
    /// - Parameter timeToLive: seconds, more than 0; nil: the longest that the relay allows.
    package func inject(
        _ id: MessageID, from origin: Registration, to sender: SenderID, data: DataPayload,
        timeToLive: Int?
    ) async throws -> Int64 {
        try await runtime.withNode { node in
            node.inject(
                id, from: origin, to: sender, data: data,
                timeToLive: timeToLive ?? Limits.timeToLiveSeconds)
        }
    }

    /// Puts a receipt in as if an app had got a message; returns its number.
    package nonisolated func injectReceipt(
        for id: MessageID, of registration: Registration, to sender: SenderID
    ) async throws -> Int64 {
        try await runtime.withNode { $0.injectReceipt(for: id, of: registration, to: sender) }
    }

    // MARK: Connections

    package nonisolated func connections(
        after number: Int = 0, limit: Int
    ) async throws -> [RelayConnection] {
        let limit = max(1, min(limit, Self.pageLimit))
        return try await runtime.withNode { $0.connections(after: number, limit: limit) }
    }

    package nonisolated func connection(_ number: Int) async throws -> RelayConnection? {
        try await runtime.withNode { $0.connection(number) }
    }

    /// Cuts a connection; false: there is none.
    package nonisolated func cut(_ number: Int, _ manner: CutManner) async throws -> Bool {
        try await runtime.withNode { $0.cut(number, manner) }
    }

    /// Announces draining on a connection of an app server; false: there is none that is bound.
    package nonisolated func drain(_ number: Int) async throws -> Bool {
        try await runtime.withNode { node in
            guard let connection = node.connection(number), connection.role == .appServer,
                [.bound, .draining].contains(connection.phase)
            else { return false }
            node.drain(ConnectionID(number))
            return true
        }
    }

    package nonisolated func drainAll() async throws { try await runtime.drainAll() }

    // MARK: Faults

    package nonisolated func faults() async throws -> [Fault] {
        try await runtime.withNode { $0.faults.box.faults }
    }

    package nonisolated func fault(_ number: Int) async throws -> Fault? {
        try await runtime.withNode { $0.faults.box.fault(number) }
    }

    /// Puts a rule in force.
    package nonisolated func add(_ rule: FaultRule) async throws -> Result<Fault, FaultRuleError> {
        try await runtime.withNode { node in
            do throws(FaultRuleError) {
                let number = try node.faults.box.add(rule)
                guard let fault = node.faults.box.fault(number)
                else { preconditionFailure("a fault that was added is there") }
                return .success(fault)
            } catch {
                return .failure(error)
            }
        }
    }

    /// False: there is no such fault.
    package nonisolated func removeFault(_ number: Int) async throws -> Bool {
        try await runtime.withNode { $0.faults.box.remove(number) }
    }

    package nonisolated func clearFaults() async throws {
        try await runtime.withNode { $0.faults.box.clear() }
    }

    /// Switches a fault on or off; nil: there is no such fault.
    package nonisolated func setFault(
        _ number: Int, isEnabled: Bool
    ) async throws -> Fault? {
        try await runtime.withNode { node in
            node.faults.box.setEnabled(number, isEnabled)
            return node.faults.box.fault(number)
        }
    }
}
