/// A scenario file of which parts can be left out, as a sweep does that makes a play small.
///
/// A draft is what the file says, without its remarks, and need not be a scenario any more: whoever
/// left something out reads its text to know.
package struct ScenarioDraft: Sendable {
    private var entries: [YAMLTree.Entry]
    private let place: SourcePlace

    /// Fields of a file from which parts can be left out.
    package enum Section: String, CaseIterable, Sendable {
        case expect, steps, cast, relay
    }

    /// - Parameter file: one that was read, not put together.
    package init(_ file: ScenarioFile) {
        let complaints = Complaints(path: file.name, .scenario)
        guard let tree = YAMLTree.read(file.source, complaints),
            case .mapping(let entries) = tree.content
        else { preconditionFailure("a file that was read cannot be read again") }
        self.entries = entries
        place = tree.place
    }

    /// As a scenario file.
    package var text: String { YAMLTree(place: place, content: .mapping(entries)).text }

    // MARK: Changing

    /// Rules all randomness of the play.
    package var seed: UInt64? {
        get {
            guard case .scalar(let text, _)? = value("seed")?.content else { return nil }
            return UInt64(text)
        }
        set {
            let value = newValue.map {
                YAMLTree(place: place, content: .scalar("\($0)", .plain))
            }
            set("seed", value)
        }
    }

    package func count(_ section: Section) -> Int {
        switch value(section.rawValue)?.content {
        case .list(let items): items.count
        case .mapping(let members): members.count
        case .scalar, nil: 0
        }
    }

    /// Leaves out parts of a section, and the section with its last part.
    package mutating func remove(_ parts: Range<Int>, from section: Section) {
        guard let tree = value(section.rawValue) else { return }
        let isLast = parts.count == count(section)
        set(section.rawValue, isLast ? nil : tree.without(parts))
    }

    private func value(_ key: String) -> YAMLTree? {
        entries.first { $0.key == key }?.value
    }

    private mutating func set(_ key: String, _ value: YAMLTree?) {
        let index = entries.firstIndex { $0.key == key }
        let entry = value.map { YAMLTree.Entry(key: key, keyPlace: place, value: $0) }
        switch (index, entry) {
        case (let index?, let entry?): entries[index] = entry
        case (let index?, nil): entries.remove(at: index)
        case (nil, let entry?): entries.append(entry)
        case (nil, nil): break
        }
    }
}

extension YAMLTree {
    /// Without some of its items or members.
    fileprivate func without(_ parts: Range<Int>) -> YAMLTree {
        switch content {
        case .scalar: return self
        case .list(var items):
            items.removeSubrange(parts)
            return YAMLTree(place: place, content: .list(items))
        case .mapping(var members):
            members.removeSubrange(parts)
            return YAMLTree(place: place, content: .mapping(members))
        }
    }
}
