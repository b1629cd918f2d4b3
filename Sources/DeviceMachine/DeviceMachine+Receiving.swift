package import CloudMessaging

extension DeviceMachine {
    /// A downstream message: its app is told, unless it is a repeat of one of the last.
    ///
    /// The relay sends again what it does not know to be handled, so a repeat after a lost link
    /// is normal.
    package mutating func received(_ message: DeliveredMessage, now: Instant) {
        guard isOnline else { return }
        guard let app = receiver(message.category) else {
            actions.append(.deliveryDropped(message.category, message.id))
            return
        }
        let delivery = DeliveryReference(message)
        guard apps[app].recent.note(delivery) else { return }
        actions.append(.received(message))
        outbox.remember(delivery, by: now + settings.removalDelay)
    }

    /// The relay has thrown away so many messages for the app, because there were too many.
    package mutating func messagesDeleted(for category: Category, total: Int) {
        guard isOnline else { return }
        guard receiver(category) != nil else {
            actions.append(.deliveryDropped(category, nil))
            return
        }
        actions.append(.messagesDeleted(category, total: total))
    }

    /// The index of an app that has a token, or waits for the answer that brings it.
    private func receiver(_ category: Category) -> Int? {
        apps.index(of: category).flatMap { apps[$0].mayBeRegistered ? $0 : nil }
    }
}
