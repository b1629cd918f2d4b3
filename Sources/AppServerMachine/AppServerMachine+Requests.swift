package import CloudMessaging
import DequeModule
import OrderedCollections

extension AppServerMachine {
    /// The application sends a downstream message; `requestEnded` tells what became of it.
    ///
    /// It goes to the bound connection with the fewest requests that does not drain, or waits its
    /// turn for one with room.
    package mutating func send(_ request: DownstreamRequest, now: Instant) {
        switch phase {
        case .stopped:
            return end(request.id, .notSent(.stopped))
        case .refused(let reason):
            return end(request.id, .notSent(.loginRefused(reason)))
        case .idle, .running:
            break
        }
        guard waiting.count < settings.waitingRequests else {
            return end(request.id, .notSent(.tooManyWaiting))
        }
        waiting.append(request, deadline: now + settings.requestTimeout)
        writeWaiting()
    }

    /// Nobody waits for a request any more. One that was not written is forgotten; one that was
    /// keeps its place on its connection, without another try. Nothing is told of it.
    package mutating func abandon(_ id: DownstreamRequestID) {
        if waiting.remove(id) { return }
        for index in connections.values.indices
        where connections.values[index].requests.abandon(id) {
            return writeWaiting()
        }
    }

    /// The relay answered on a connection.
    package mutating func answered(
        _ answer: DownstreamAnswer, on id: AppServerConnectionID, now: Instant
    ) {
        guard let connection = connections.index(forKey: id),
            connections.values[connection].carriesMessages
        else { return }
        guard
            let entry = connections.values[connection].requests.remove(answeredBy: answer)
        else {
            if case .refused(let refusal) = answer.verdict {
                actions.append(
                    .rejected(id, error: refusal.error.name, description: refusal.description))
            }
            return
        }
        switch answer.verdict {
        case .accepted(let acceptance):
            end(entry, .accepted(acceptance))
        case .refused(let refusal):
            refused(entry, refusal, on: id, now: now)
        }
        writeWaiting()
    }

    private mutating func refused(
        _ entry: UnansweredRequests.Entry, _ refusal: DownstreamRefusal,
        on id: AppServerConnectionID, now: Instant
    ) {
        switch refusal.error.remedy {
        case .anotherConnection:
            // Some relays drain without another word (protocol sheet §3.6).
            var entry = entry
            entry.tries -= 1
            if !entry.isAbandoned { waiting.putBack([entry]) }
            draining(id, now: now)
        case .backOff where entry.tries < settings.requestTries && !entry.isAbandoned:
            let delay = settings.requestRetry.delay(afterAttempt: entry.tries, using: &entropy)
            if connections[id]?.takesRequests == true {
                connections[id]?.requests.insert(entry, retryAt: now + delay)
            } else {
                waiting.putBack([entry])
            }
        case .backOff, .change:
            end(entry, .refused(refusal))
        }
    }

    // MARK: Steps

    /// Writes what waits, as long as there is room.
    mutating func writeWaiting() {
        while waiting.count > 0, let connection = connectionWithMostRoom() {
            guard let next = waiting.popFirst() else { return }
            connections.values[connection].requests.append(next)
            actions.append(.request(next.request, on: connections.keys[connection]))
        }
    }

    private func connectionWithMostRoom() -> Int? {
        var best: Int?
        var fewest = settings.requestsPerConnection
        for (index, connection) in connections.values.enumerated()
        where connection.takesRequests && connection.requests.count < fewest {
            best = index
            fewest = connection.requests.count
        }
        return best
    }

    /// Writes again what was refused for the time being.
    mutating func retryRequests(now: Instant) {
        for (index, id) in connections.keys.enumerated() {
            for request in connections.values[index].requests.takeDue(now) {
                actions.append(.request(request, on: id))
            }
        }
    }

    /// Gives up what has waited too long: on the wire, its fate is unknown.
    mutating func giveUpRequests(now: Instant) {
        for request in waiting.removeOverdue(now) { end(request.id, .notSent(.timedOut)) }
        for index in connections.values.indices {
            for entry in connections.values[index].requests.abandonOverdue(now) {
                let isOnWire = entry.retryAt == nil
                end(
                    entry.request.id,
                    isOnWire
                        ? .unanswered(reason: "waited \(settings.requestTimeout)")
                        : .notSent(.timedOut))
            }
        }
        writeWaiting()
    }

    /// A connection is gone. Nobody knows what the relay did with the requests on the wire; those
    /// that it had refused for the time being go to another connection.
    mutating func loseRequests(of connection: Connection, reason: String) {
        var requests = connection.requests
        waiting.putBack(requests.removeBackingOff())
        for entry in requests.entries { end(entry, .unanswered(reason: reason)) }
    }

    mutating func endWaiting(_ reason: DownstreamOutcome.Reason) {
        for request in waiting.removeAll() { end(request.id, .notSent(reason)) }
    }

    private mutating func end(_ entry: UnansweredRequests.Entry, _ outcome: DownstreamOutcome) {
        guard !entry.isAbandoned else { return }
        end(entry.request.id, outcome)
    }

    private mutating func end(_ id: DownstreamRequestID, _ outcome: DownstreamOutcome) {
        actions.append(.requestEnded(id, outcome))
    }
}
