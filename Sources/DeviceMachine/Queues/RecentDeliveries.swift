internal import CloudMessaging

/// The last downstream messages that an app was told (protocol sheet §4.2).
struct RecentDeliveries {
    private var deliveries: [DeliveryReference] = []

    /// Notes a message; false when it is a repeat.
    mutating func note(_ delivery: DeliveryReference) -> Bool {
        guard !deliveries.contains(delivery) else { return false }
        if deliveries.count == Limits.rememberedDeliveries { deliveries.removeFirst() }
        deliveries.append(delivery)
        return true
    }
}
