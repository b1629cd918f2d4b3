import OrderedCollections

extension AppServerMachine {
    /// A delivery receipt came. It is ACKed at once, unless nothing is ACKed at all: it tells of a
    /// thing that is done, and there is nothing for the application to take over.
    package mutating func received(_ receipt: ReceivedReceipt, on id: AppServerConnectionID) {
        guard connections[id]?.carriesMessages == true else { return }
        counters.receipts += 1
        actions.append(.receipt(receipt, on: id))
        guard settings.acknowledgedBy != .policy(.never) else { return }
        actions.append(.acknowledgeReceipt(receipt, on: id))
    }
}
