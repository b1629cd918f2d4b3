import RealPrograms

/// The relay over its lives: each counts from zero, so the counters of all are added up.
actor RelayLives {
    private(set) var current: RelayProgram
    private var earlier: [String: Int] = [:]
    private var latest: [String: Int] = [:]

    init(first: RelayProgram) {
        current = first
    }

    /// `kill -9`. What it counted after the last look is not known any more.
    func kill9() async throws {
        await look()
        try await current.kill9()
        earlier.merge(latest) { $0 + $1 }
        latest = [:]
    }

    /// The next life, on the same ports and store.
    func restart() async throws {
        current = try await current.restarted()
    }

    /// Asks for the counters; keeps the last ones while there is no answer.
    func look() async {
        if let metrics = try? await current.metrics() { latest = metrics }
    }

    /// Waits until it has no message left, queued or on the wire.
    func finishWork() async throws {
        await look()
        while gauge("queued") + gauge("in_flight") > 0 {
            try await Task.sleep(for: .milliseconds(200))
            await look()
        }
    }

    /// A counter, added up over all lives.
    func total(_ name: String) -> Int {
        earlier[name, default: 0] + latest[name, default: 0]
    }

    /// What a gauge shows now.
    func gauge(_ name: String) -> Int {
        latest[name, default: 0]
    }
}
