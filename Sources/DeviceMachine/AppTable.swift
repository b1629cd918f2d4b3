internal import CloudMessaging

/// The apps of a device, in the order in which they were met, found by category or index.
struct AppTable {
    private var apps: [App] = []
    private var positions: [Category: Int] = [:]

    var indices: Range<Int> { apps.indices }

    subscript(index: Int) -> App {
        get { apps[index] }
        _modify { yield &apps[index] }
    }

    func index(of category: Category) -> Int? {
        positions[category]
    }

    /// The app's index, new if need be; nil when the device has too many apps.
    mutating func findOrAdd(_ category: Category) -> Int? {
        if let index = positions[category] { return index }
        guard apps.count < Limits.registrationsPerDevice else { return nil }
        return add(category)
    }

    /// The app's index without a bound: what an outbox holds was taken once and is kept.
    mutating func restore(_ category: Category) -> Int {
        positions[category] ?? add(category)
    }

    private mutating func add(_ category: Category) -> Int {
        apps.append(App(category: category))
        positions[category] = apps.count - 1
        return apps.count - 1
    }
}
