internal import CloudMessaging
internal import Synchronization

/// Who is told what happens to the messages of each app of a device.
final class AppDirectory: Sendable {
    private struct Entry {
        var observer: (@Sendable (AppEvent) -> Void)?
        /// Kept for an app that is not there yet.
        var held: [AppEvent] = []
    }

    private struct State {
        /// In the order in which they were met.
        var entries: [Entry] = []
        var positions: [Category: Int] = [:]

        mutating func index(of category: Category) -> Int {
            if let index = positions[category] { return index }
            entries.append(Entry())
            positions[category] = entries.count - 1
            return entries.count - 1
        }
    }

    private let state = Mutex(State())

    /// The app is told from now on, first what was held for it; on the device's own thread.
    func attach(_ category: Category, _ observer: @escaping @Sendable (AppEvent) -> Void) {
        let held = state.withLock { state in
            let index = state.index(of: category)
            state.entries[index].observer = observer
            defer { state.entries[index].held = [] }
            return state.entries[index].held
        }
        for event in held { observer(event) }
    }

    /// On the device's own thread.
    func tell(_ category: Category, _ event: AppEvent) {
        let observer = state.withLock { state in
            let index = state.index(of: category)
            let observer = state.entries[index].observer
            if observer == nil { state.entries[index].held.append(event) }
            return observer
        }
        observer?(event)
    }

    /// Tells every app that is there.
    func tellAll(_ event: AppEvent) {
        let observers = state.withLock { state in state.entries.compactMap(\.observer) }
        for observer in observers { observer(event) }
    }
}
