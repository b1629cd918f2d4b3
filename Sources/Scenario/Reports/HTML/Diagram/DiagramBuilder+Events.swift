import CloudMessaging
import Journal

extension DiagramBuilder {
    /// Draws one event, or nothing: commits, logins that went well and what only repeats what is
    /// drawn are left to the journal.
    mutating func see(_ event: JournalEvent, at index: Int) {
        switch event.kind {
        case .upstreamStanza, .upstreamReceived, .upstreamAck, .ackRejected, .receipt,
            .downstreamStanza, .downstreamAnswer, .appServerAcknowledged, .appServerSkipped,
            .appServerSent, .appServerAnswered, .appServerRefused:
            seeAppServer(event, at: index)
        case .upload, .uploadTaken, .uploadRefused, .delivery, .deliveryAcknowledged,
            .deliveryRefused, .deviceRequest, .deviceAnswer, .appWillSend, .appSent, .appError,
            .appReceived, .appDeleted:
            seeDevice(event, at: index)
        case .messageState: seeState(event)
        case .timerSet: setTimer(event)
        case .timerFired: fireTimer(event)
        case .scenarioStep: step(event)
        case .processStarted, .processStopped, .processCrashed: seeProcess(event)
        case .stanzaRefused:
            arrow(
                event, from: .relay, to: cast.line(of: event.connection),
                event.detail?.error ?? "refused", .bad)
        case .fault:
            let deed = event.detail?.deed ?? "bites"
            mark(event, on: .relay, "fault: \(deed)", event.messageID?.text, .bad, .flash)
        case .storeFailed: mark(event, on: .relay, "the store fails", nil, .bad, .flash)
        case .storeRecovered: mark(event, on: .relay, "the store works again", nil, .ack)
        case .storeDamaged: mark(event, on: .relay, "the store is damaged", nil, .bad, .flash)
        case .storePowerCut: mark(event, on: .relay, "power cut", nil, .bad, .flash)
        case .connectionOpened, .loginAccepted, .loginRefused, .connectionBound,
            .connectionDraining, .connectionClosed, .deviceOnline, .deviceOffline,
            .appServerConnected, .appServerDraining, .appServerDisconnected:
            seeConnection(event, at: index)
        case .storeCommitted: break
        }
    }

    // MARK: Between relay and app server

    private mutating func seeAppServer(_ event: JournalEvent, at index: Int) {
        let id = event.messageID?.text ?? "?"
        let peer = cast.line(of: event.connection)
        let own = ownLine(event, at: index)
        let error = event.detail?.error
        switch event.kind {
        case .upstreamStanza:
            let reason = event.detail?.reason.map { " (\($0))" } ?? ""
            depart(
                .upstream, event, at: index, from: .relay, to: peer, id + reason,
                (event.attempt ?? 1) > 1 ? .retry : .message)
        case .receipt:
            depart(
                .upstream, event, at: index, from: .relay, to: peer, "receipt \(id)", .downstream)
        case .upstreamReceived: arrive(.upstream, event, at: index)
        case .appServerAcknowledged:
            depart(.ack, event, at: index, from: own, to: .relay, "ACK \(id)", .ack)
        case .upstreamAck:
            if !arrive(.ack, event, at: index) {
                arrow(event, from: peer, to: .relay, "ACK \(id)", .ack)
            }
        case .appServerSkipped: mark(event, on: own, "no ACK for", id)
        case .ackRejected:
            arrow(event, from: .relay, to: peer, "\(error ?? "error"): ACK \(id)", .bad)
        case .appServerSent:
            depart(.request, event, at: index, from: own, to: .relay, id, .downstream)
        case .downstreamStanza:
            if !arrive(.request, event, at: index) {
                arrow(event, from: peer, to: .relay, id, .downstream)
            }
        case .downstreamAnswer:
            depart(
                .answer, event, at: index, from: .relay, to: peer,
                error.map { "NACK \(id): \($0)" } ?? "ACK \(id)", error == nil ? .ack : .bad)
        case .appServerAnswered:
            if !arrive(.answer, event, at: index) {
                mark(event, on: own, error ?? "answered", id, .bad, .cross)
            }
        default: break
        }
    }

    // MARK: Between device and relay

    private mutating func seeDevice(_ event: JournalEvent, at index: Int) {
        let id = event.messageID?.text ?? ""
        let device =
            event.actor == .relay
            ? cast.line(of: event.connection) : cast.line(of: event.actor)
        let error = event.detail?.error ?? "error"
        let count = event.detail?.count ?? 1
        switch event.kind {
        case .upload: arrow(event, from: device, to: .relay, id, .message)
        case .uploadTaken:
            let what = count == 1 ? "stored" : "\(count) stored"
            arrow(event, from: .relay, to: device, what, .ack)
        case .uploadRefused: arrow(event, from: .relay, to: device, "\(error): \(id)", .bad)
        case .delivery:
            depart(
                .delivery, event, at: index, from: .relay, to: device,
                event.detail?.deed ?? id, .downstream)
        case .appReceived, .appDeleted:
            if !arrive(.delivery, event, at: index) {
                mark(event, on: device, "gets", id, .downstream)
            }
        case .deliveryAcknowledged:
            arrow(event, from: device, to: .relay, count == 1 ? "ACK" : "ACK of \(count)", .ack)
        case .deliveryRefused: arrow(event, from: device, to: .relay, "\(error): \(id)", .bad)
        case .deviceRequest:
            arrow(event, from: device, to: .relay, event.detail?.deed ?? "request", .quiet)
        case .deviceAnswer:
            arrow(event, from: .relay, to: device, event.detail?.deed ?? "answer", .quiet)
        case .appWillSend: mark(event, on: device, "pending:", id)
        case .appSent: mark(event, on: device, "told sent:", id, .ack, .tick)
        case .appError: mark(event, on: device, "told \(error):", id, .bad, .cross)
        default: break
        }
    }

    // MARK: Inside the relay

    private mutating func seeState(_ event: JournalEvent) {
        let id = event.messageID?.text ?? event.message.map { "message \($0)" } ?? ""
        switch event.state {
        case .queued:
            // The first time it is no news: the relay has just taken it.
            if let reason = event.detail?.reason {
                mark(event, on: .relay, "queued again (\(reason)):", id)
            }
        case .held: mark(event, on: .relay, "held back:", id)
        case .settled: mark(event, on: .relay, "settled:", id, .ack, .tick)
        case .expired: mark(event, on: .relay, "expired:", id, .bad, .cross)
        case .discarded: mark(event, on: .relay, "given up:", id, .bad, .cross)
        case .inFlight, nil: return
        }
        stopTimer(of: event.message)
    }

    private mutating func seeProcess(_ event: JournalEvent) {
        guard let line = cast.line(of: event.actor) else { return }
        guard event.kind != .processStarted else {
            guard let index = died.firstIndex(of: event.actor) else { return }
            died.remove(at: index)
            mark(event, on: line, "starts again", nil, .quiet, .open)
            return endSpan(.down(line), lastRow)
        }
        let hasCrashed = event.kind == .processCrashed
        mark(event, on: line, hasCrashed ? "crashes" : "stops", nil, .bad, .flash)
        if event.actor == .relay { endRelay(lastRow) }
        beginSpan(.down(line), .down, on: line, hasCrashed ? "down" : "stopped", lastRow)
        died.append(event.actor)
    }

    // MARK: Connections

    private mutating func seeConnection(_ event: JournalEvent, at index: Int) {
        let line = cast.line(of: event.connection)
        switch event.kind {
        case .connectionOpened: open(event)
        case .connectionClosed: close(event)
        case .connectionBound: bind(event, at: index)
        case .connectionDraining:
            guard let line, let connection = event.connection else { return }
            mark(event, on: .relay, "drains #\(connection)")
            beginSpan(.draining(connection), .draining, on: line, "draining", lastRow)
        case .appServerDraining:
            arrow(
                event, from: .relay, to: ownLine(event, at: index), "CONNECTION_DRAINING",
                .quiet)
        case .loginRefused:
            arrow(event, from: .relay, to: line, "login refused", .bad)
        case .deviceOffline:
            seeLoss(event)
        case .appServerDisconnected: if event.connection == nil { seeLoss(event) }
        default: break
        }
    }

    private mutating func open(_ event: JournalEvent) {
        guard let connection = event.connection,
            let line = cast.open(connection, of: event.actor)
        else { return }
        linkStates[event.actor] = .open
        mark(event, on: line, "connection #\(connection)", nil, .quiet, .open)
        beginSpan(.connection(connection), .connection, on: line, "#\(connection)", lastRow)
    }

    private mutating func close(_ event: JournalEvent) {
        guard let connection = event.connection, let line = cast.line(of: connection)
        else { return }
        linkStates[event.actor] = .closed
        let how = event.detail?.deed.map { " (\($0))" } ?? ""
        let isGood = event.detail?.deed == "fin"
        mark(event, on: line, "#\(connection) ends\(how)", nil, isGood ? .quiet : .bad, .close)
        endSpan(.connection(connection), lastRow)
        endSpan(.draining(connection), lastRow)
        cast.close(connection)
    }

    /// What a client sees: news only where the relay has not said it.
    private mutating func seeLoss(_ event: JournalEvent) {
        let state = linkStates.removeValue(forKey: event.actor)
        guard state != .closed else { return }
        let verb = state == .open ? "has lost its connection" : "gets no connection"
        mark(event, on: cast.line(of: event.actor), verb, nil, .bad, .cross)
    }
}
