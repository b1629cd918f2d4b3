internal import Faults
internal import Journal
internal import Nodes
internal import RelayService

// What goes wrong on purpose, and beginning anew.
extension TestRelay {
    /// Puts a fault in force; several may be.
    ///
    /// - Returns: its number, for ``removeFault(_:)``.
    /// - Throws: ``TestRelayError`` for what makes no sense (`docs/faults.md`).
    @discardableResult
    public func addFault(_ fault: Fault) async throws -> Int {
        let rule: FaultRule
        do {
            rule = try fault.rule()
        } catch {
            throw TestRelayError("\(error)")
        }
        switch try await service.control.add(rule) {
        case .success(let fault): return fault.number
        case .failure(let error): throw TestRelayError("\(error)")
        }
    }

    /// Ends a fault; harmless when there is no such fault.
    public func removeFault(_ number: Int) async throws {
        _ = try await service.control.removeFault(number)
    }

    /// Ends all faults.
    public func clearFaults() async throws {
        try await service.control.clearFaults()
    }

    /// Announces to every app server that its connection is about to be closed, and closes it when
    /// its ACKs are in.
    public func drain() async throws {
        try await service.control.drainAll()
    }

    /// Resets every connection of app servers.
    public func cutConnections() async throws {
        let all = try await service.control.connections(limit: .max)
        for connection in all where connection.role == .appServer {
            _ = try await service.control.cut(connection.number, .reset)
        }
    }

    /// Begins anew: ends all messages and all faults, and forgets what was. Connections and
    /// registrations stay.
    public func reset() async throws {
        _ = try await service.control.discardMessages()
        try await service.control.clearFaults()
        try await service.control.forget(nil)
    }
}
