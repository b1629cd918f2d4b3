import CloudMessaging

/// Device groups: who is in them, and messages to their notification keys (protocol sheet §3.7).
extension RelayMachine {
    // MARK: Membership

    /// An app wants to be in a group of a sender that it is registered with, or no longer.
    mutating func changeGroup(
        _ name: GroupName, of sender: SenderID, _ kind: GroupChange.Kind,
        _ registration: Registration, _ request: String, _ slot: DeviceSlot,
        _ stream: DeviceStreamID
    ) {
        guard registration.senders.contains(sender) else {
            let answer = AppRequest.Answer.refused(
                .invalidParameters,
                reason: "\(registration.category) is not registered with sender ID \(sender)")
            return effects.actions.append(.appRequestAnswered(answer, request: request, on: stream))
        }
        devices[slot].pendingRegistrations += 1
        pipeline.next.batch.downstream.groupChanges.append(
            GroupChange(
                sender: senderNumber(of: sender), name: name, registration: registration.number,
                kind))
        pipeline.next.groupChanges.append(
            PendingGroupChange(stream: stream, request: request, device: registration.device))
    }

    /// In the form of the real keys: those of old registration IDs, without a colon.
    mutating func newNotificationKey() -> RegistrationToken {
        RegistrationToken("APA91b" + effects.entropy.nextBase64URL(count: 134))
    }

    /// The store has made a change durable: whoever asked is told.
    mutating func groupChanged(_ pending: PendingGroupChange, _ result: GroupChangeResult) {
        tokens.forgetAll()
        if let slot = devices.slot(of: pending.device) {
            devices[slot].pendingRegistrations -= 1
            devices.forgetIfIdle(slot)
        }
        guard streams[pending.stream] != nil else { return }
        effects.actions.append(
            .appRequestAnswered(
                AppRequest.Answer(result), request: pending.request, on: pending.stream))
    }

    // MARK: Messages

    mutating func judge(_ pending: PendingRequest, _ group: DeviceGroup, now: Instant) {
        guard group.sender == pending.sender else {
            return answer(
                pending,
                .nack(
                    .badRegistration,
                    description: "the notification key in 'to' is another sender's"))
        }
        let key = RegistrationToken(pending.request.addressee)
        guard !pending.request.isDryRun else {
            return fanOut(pending, to: .group(key), now: now)
        }
        let throttled = throttled(pending.request, in: group, now: now)
        guard throttled.isEmpty || throttled.count < group.members.count else {
            return answer(
                pending,
                .nack(
                    .deviceMessageRateExceeded,
                    description: "Downstream message rate exceeded for every member of the group"))
        }
        fanOut(pending, to: .group(key, throttled: throttled), now: now)
    }

    /// The message is in the mailboxes of the members that are still registered.
    mutating func answer(_ pending: PendingRequest, _ result: TopicDepositResult) {
        // The last member has left meanwhile.
        guard result.count > 0 || !result.failed.isEmpty else { return refuseToken(of: pending) }
        if result.count > 0 { effects.counters.acceptedRequests += 1 }
        answer(pending, .group(reached: result.count, failed: result.failed))
    }

    // MARK: Messages of a member to the others

    /// A device sends to what may be the notification key of a group.
    mutating func uploadedToGroup(
        _ upload: Upload, from registration: Registration, _ place: StreamTicket, now: Instant
    ) {
        streams[place.stream]?.unanswered += 1
        ask(
            RegistrationToken(upload.to),
            for: .upload(GroupUpload(upload: upload, registration: registration, place: place)),
            now: now)
    }

    mutating func judge(_ pending: GroupUpload, _ record: TokenRecord?, now: Instant) {
        // What is not answered on a lost stream comes again on the next.
        guard case .bound(let slot) = streams[pending.place.stream]?.state else { return }
        let upload = pending.upload
        // The same upload may have come before, and waited for the registry like this one.
        if let known = devices[slot].uploads[upload.id] {
            streams[pending.place.stream]?.unanswered -= 1
            return answerDuplicate(known, pending.place)
        }
        guard case .group(let group) = record, group.members.contains(pending.registration.number)
        else {
            streams[pending.place.stream]?.unanswered -= 1
            let refusal = UploadRefusal(
                id: upload.id, .invalidParameters,
                "\"\(upload.to)\" is neither the address of a sender nor the notification key of a "
                    + "group of \(upload.category)")
            return uploadRefused(
                refusal, of: upload, ticket: pending.place.ticket, on: pending.place.stream)
        }
        let cap = settings.timeToLiveCap
        let timeToLive = max(1, min(upload.timeToLive ?? cap, cap))
        let template = DownstreamTemplate(
            sender: group.sender, id: upload.messageID,
            content: Array(#"{"data":"#.utf8) + upload.data.json + Array("}".utf8),
            timeToLive: timeToLive, expiry: now + .seconds(timeToLive))
        let sequence = takeSequence()
        effects.tell(
            .made(
                sequence, of: .upload(pending.place.ticket, on: pending.place.stream),
                sender: group.sender))
        devices[slot].uploads.begin(upload.id, batch: pipeline.next.number)
        pipeline.next.uploads.append(UploadOrigin(slot: slot, ticket: pending.place))
        pipeline.next.batch.downstream.topicDeposits.append(
            TopicDeposit(
                .group(RegistrationToken(upload.to), except: pending.registration.number),
                sequence: sequence, template: template))
        pipeline.next.topicDeposits.append(.upload)
    }
}

extension AppRequest.Answer {
    fileprivate init(_ result: GroupChangeResult) {
        self =
            switch result {
            case .joined(let key): .joined(key: key)
            case .left: .done
            case .full:
                .refused(
                    .invalidParameters,
                    reason: "the group has \(Limits.groupMembers) members, as many as it may")
            case .unregistered:
                .refused(.invalidParameters, reason: "the app is not registered any more")
            }
    }
}

/// What waits until the registry knows whom it is for.
enum Addressed: Hashable {
    case request(PendingRequest)
    case upload(GroupUpload)
}

/// A device's message to the other members of a group.
struct GroupUpload: Hashable {
    let upload: Upload
    let registration: Registration
    let place: StreamTicket
}

/// Who sent what is put into several mailboxes.
enum FanOutOrigin: Hashable {
    case request(PendingRequest)
    /// A device: it is answered like any upload.
    case upload
}

/// A change of a group that waits for the store.
struct PendingGroupChange: Hashable {
    let stream: DeviceStreamID
    let request: String
    let device: DeviceID
}
