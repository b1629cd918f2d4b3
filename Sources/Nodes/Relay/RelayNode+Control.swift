package import CloudMessaging
package import RelayMachine

/// What people ask of a relay, and have it do.
extension RelayNode {
    /// The first bound on what the machine keeps in memory that does not hold; nil: all do.
    package var memoryExcess: MemoryExcess? { ask(&machine) { $0.memoryExcess } }

    // MARK: Connections

    /// Connections with higher numbers, by number, at most so many.
    package func connections(after number: Int = 0, limit: Int) -> [RelayConnection] {
        let numbers = (appServers.keys.map(\.rawValue) + devices.keys.map(\.rawValue))
            .filter { $0 > number }.sorted().prefix(limit)
        return numbers.compactMap(connection)
    }

    /// Nil: there is none.
    package func connection(_ number: Int) -> RelayConnection? {
        if let link = appServers[ConnectionID(number)] { return connection(of: link) }
        return devices[DeviceStreamID(number)].map(connection)
    }

    private func connection(of link: AppServerLink) -> RelayConnection {
        let standing = machine.standings(of: [link.id])[0]
        let phase: RelayConnection.Phase =
            if link.stunned.isMute {
                .silent
            } else if let standing {
                standing.isDraining ? .draining : .bound
            } else {
                .connecting
            }
        return RelayConnection(
            number: link.id.rawValue, role: .appServer, phase: phase, openedAt: link.openedAt,
            sender: link.sender, device: nil, unacknowledged: standing?.unacknowledged ?? 0,
            unanswered: standing?.unanswered ?? 0)
    }

    private func connection(of link: DeviceLink) -> RelayConnection {
        let standing = machine.standings(of: [link.id])[0]
        return RelayConnection(
            number: link.id.rawValue, role: .device,
            phase: link.isSilent ? .silent : link.isBound ? .bound : .connecting,
            openedAt: link.openedAt, sender: nil,
            device: standing?.device, unacknowledged: standing?.unacknowledged ?? 0,
            unanswered: standing?.unanswered ?? 0)
    }

    /// Which of these devices are online, in their order.
    package func areOnline(_ devices: [DeviceID]) -> [Bool] { machine.areOnline(devices) }

    /// Cuts a connection; false: there is none.
    package func cut(_ number: Int, _ manner: CutManner) -> Bool {
        if let link = appServers[ConnectionID(number)] {
            switch manner {
            case .reset: link.transport?.reset()
            case .fin: link.finish()
            case .silent: link.fallSilent()
            }
        } else if let link = devices[DeviceStreamID(number)] {
            switch manner {
            case .reset: link.transport?.reset()
            case .fin: link.finish()
            case .silent: link.fallSilent()
            }
        } else {
            return false
        }
        scheduleRound()
        return true
    }

    // MARK: Messages

    /// The number of a sender ID, if the relay has heard of it.
    package func senderID(_ number: SenderNumber) -> SenderID { machine.senderID(of: number) }

    /// Where messages of the store stand, in their order; nil: it has ended, and the store does not
    /// know it yet.
    package func standings(of messages: [KeptMessage]) -> [MessageStanding?] {
        var upstream: [UpstreamMessage] = []
        var downstream: [DownstreamMessage] = []
        for message in messages {
            switch message {
            case .upstream(let message): upstream.append(message)
            case .downstream(let message): downstream.append(message)
            }
        }
        var standings = machine.standings(of: upstream).makeIterator()
        var areWaiting = machine.areWaiting(downstream).makeIterator()
        return messages.map { message in
            switch message {
            case .upstream: standings.next() ?? nil
            case .downstream: areWaiting.next() == true ? .queued(attempts: 0) : nil
            }
        }
    }

    /// Ends messages that the store holds; returns how many.
    package func end(_ messages: [KeptMessage], as ending: HandEnding) -> Int {
        var upstream: [UpstreamMessage] = []
        var downstream: [DownstreamMessage] = []
        for message in messages {
            switch message {
            case .upstream(let message): upstream.append(message)
            case .downstream(let message): downstream.append(message)
            }
        }
        let now = now
        let count =
            machine.end(upstream, as: ending, now: now)
            + machine.end(downstream, as: ending, now: now)
        scheduleRound()
        return count
    }

    /// Puts a message in as if its registration had sent it; returns its number.
    package func inject(
        _ id: MessageID, from origin: Registration, to sender: SenderID, data: DataPayload,
        timeToLive: Int
    ) -> Int64 {
        defer { scheduleRound() }
        return machine.inject(
            id, from: origin, to: sender, data: data, timeToLive: timeToLive, now: now)
    }

    /// Puts a receipt in as if an app had got a message; returns its number.
    package func injectReceipt(
        for id: MessageID, of registration: Registration, to sender: SenderID
    ) -> Int64 {
        defer { scheduleRound() }
        return machine.injectReceipt(for: id, of: registration, to: sender, now: now)
    }
}
