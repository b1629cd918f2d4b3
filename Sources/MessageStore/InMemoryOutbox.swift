package import CloudMessaging

/// An outbox in memory: for a device that keeps nothing after its end, and for tests, which open
/// it again to begin the device's next life.
package final class InMemoryOutbox: OutboxStore {
    private var snapshot = OutboxSnapshot(life: 0)

    /// When set, every batch fails with it.
    package var failure: StoreFailure?

    package init() {}

    package func open() throws(StoreFailure) -> OutboxSnapshot {
        snapshot.life += 1
        return snapshot
    }

    package func execute(_ batch: OutboxBatch) -> StoreFailure? {
        guard failure == nil else { return failure }
        if let identity = batch.newIdentity {
            snapshot.identity = identity
            snapshot.registrations = []
        }
        for category in batch.unregistered {
            snapshot.registrations.removeAll { $0.category == category }
        }
        for registration in batch.registrations {
            snapshot.registrations.removeAll { $0.category == registration.category }
            snapshot.registrations.append(registration)
        }
        for message in batch.added where !snapshot.messages.contains(number: message.number) {
            snapshot.messages.append(message)
        }
        for number in batch.sent {
            guard let index = snapshot.messages.index(ofNumber: number) else { continue }
            snapshot.messages[index].state = .sent
        }
        for number in batch.removed {
            guard let index = snapshot.messages.index(ofNumber: number) else { continue }
            snapshot.messages.remove(at: index)
        }
        for delivery in batch.received { remember(delivery) }
        snapshot.messageCounter = max(snapshot.messageCounter, batch.messageCounter ?? 0)
        return nil
    }

    private func remember(_ delivery: DeliveryReference) {
        snapshot.received.removeAll { $0 == delivery }
        snapshot.received.append(delivery)
        let ofApp = snapshot.received.indices.filter {
            snapshot.received[$0].category == delivery.category
        }
        guard ofApp.count > Limits.rememberedDeliveries else { return }
        snapshot.received.remove(at: ofApp[0])
    }
}

extension [PendingMessage] {
    fileprivate func index(ofNumber number: Int64) -> Int? {
        firstIndex { $0.number == number }
    }

    fileprivate func contains(number: Int64) -> Bool {
        index(ofNumber: number) != nil
    }
}
