package import CloudMessaging
internal import OrderedCollections

/// What became of a request at once.
package enum RequestOutcome: Hashable, Sendable {
    /// The relay is asked; the action `answered` follows for this number.
    case asked(number: Int64)
    case refused(AppRequest.Refusal)
}

/// A request that the relay did not answer yet.
struct OpenRequest {
    let number: Int64
    let request: AppRequest
    /// Index of its app.
    let app: Int
    /// What is taken back if the relay refuses.
    let registration: AppRegistration
    /// The last message that was handed over before the request.
    let lastMessage: Int64
}

extension DeviceMachine {
    /// An app asks the relay for something that needs a token and a link: it does not wait for
    /// them.
    ///
    /// The outbox forgets a token before the relay is asked to void or replace it: after a crash
    /// the app asks for it anew, and never goes on with a token that is good no more.
    /// What has no token needs no unregistering: that is done at once.
    /// - Parameter token: what the app takes for its token; nil: whichever it is.
    /// - Returns: `serviceNotAvailable` without a link; `invalidParameters` without that token.
    package mutating func request(
        _ request: AppRequest, of category: Category, token: RegistrationToken? = nil
    ) -> RequestOutcome {
        if request == .unregister, token == nil, isOnline, !mayBeRegistered(category) {
            lastRequest += 1
            actions.append(.answered(lastRequest, nil))
            return .asked(number: lastRequest)
        }
        guard let app = apps.index(of: category), let registration = apps[app].registration,
            token == nil || token == registration.token
        else { return .refused(isOnline ? noToken(category) : .serviceNotAvailable) }
        guard isOnline, openRequests.count < Limits.openRequests
        else { return .refused(.serviceNotAvailable) }
        lastRequest += 1
        openRequests.append(
            OpenRequest(
                number: lastRequest, request: request, app: app, registration: registration,
                lastMessage: lastNumber))
        switch request {
        case .unregister:
            outbox.drop(category)
            apps[app].beginUnregistration()
        case .refreshToken:
            keepWish(app: app)
        case .subscribe, .unsubscribe, .joinGroup, .leaveGroup:
            break
        }
        actions.append(.request(request, category, number: lastRequest))
        return .asked(number: lastRequest)
    }

    /// The relay's answer to `request`.
    package mutating func answered(_ number: Int64, _ answer: AppRequest.Answer, now: Instant) {
        guard isOnline, let index = openRequests.firstIndex(where: { $0.number == number })
        else { return }
        let open = openRequests.remove(at: index)
        switch (open.request, answer) {
        case (.unregister, .refused):
            endUnregistration(open, keeping: open.registration)
        case (.unregister, _):
            endUnregistration(open, keeping: nil)
            failMessages(of: open.app, through: open.lastMessage, now: now)
        case (.refreshToken, .refreshed(let registration)):
            adopt(registration, app: open.app)
        case (.refreshToken, _):
            outbox.keep(open.registration)
        case (.joinGroup(let name, _), .joined(let key)):
            actions.append(.joinedGroup(apps[open.app].category, name, key: key))
        case (.subscribe, _), (.unsubscribe, _), (.joinGroup, _), (.leaveGroup, _):
            break
        }
        if case .refused(let error, let reason) = answer {
            actions.append(.answered(number, AppRequest.Refusal(error, reason: reason)))
        } else {
            actions.append(.answered(number, nil))
        }
        requestRegistration(app: open.app)
        unblock(app: open.app)
        upload(now: now)
    }

    /// The link is gone, and nobody knows what the relay did: an app that was asking for another
    /// token learns on the next link which one it has.
    mutating func failOpenRequests() {
        for open in openRequests {
            switch open.request {
            case .unregister: endUnregistration(open, keeping: open.registration)
            case .refreshToken: apps[open.app].voidRegistration()
            case .subscribe, .unsubscribe, .joinGroup, .leaveGroup: break
            }
            actions.append(.answered(open.number, .serviceNotAvailable))
        }
        openRequests = []
    }

    // MARK: Steps

    /// Why a request that needs the app's token is refused on a link.
    private func noToken(_ category: Category) -> AppRequest.Refusal {
        let app = apps.index(of: category).map { apps[$0] }
        let reason =
            if app?.registration != nil {
                "that is not the app's token"
            } else if app.map({ !$0.wanted.isEmpty || $0.isUnregistering }) == true {
                "the relay was asked for the app's token and has not answered; ask again later"
            } else {
                "the app has no token"
            }
        return AppRequest.Refusal(.invalidParameters, reason: reason)
    }

    private func mayBeRegistered(_ category: Category) -> Bool {
        apps.index(of: category).map { apps[$0].mayBeRegistered || apps[$0].isUnregistering }
            ?? false
    }

    /// A token for an app: it is kept, and the app is told if it takes the place of another.
    mutating func adopt(_ registration: AppRegistration, app: Int) {
        let isNew = apps[app].adopt(registration)
        outbox.keep(registration)
        actions.append(.registered(registration))
        if isNew { actions.append(.tokenRefreshed(registration.category)) }
    }

    private mutating func endUnregistration(
        _ open: OpenRequest, keeping registration: AppRegistration?
    ) {
        apps[open.app].endUnregistration(keeping: registration)
        if let registration { outbox.keep(registration) }
    }

    /// An app that is gone, or unregistered, sends no more of what it had handed over before.
    mutating func failMessages(of app: Int, through last: Int64, now: Instant) {
        let numbers = Array(waiting.elements) + Array(apps[app].blocked.elements)
        for number in numbers where number <= last && tracked[number]?.app == app {
            waiting.remove(number)
            apps[app].blocked.remove(number)
            fail(number, .invalidParameters, now: now)
        }
    }
}
