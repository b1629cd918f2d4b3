/// A machine in the simulated network, by the name of who lives there.
package struct Host: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package static let relay = Host("relay")

    package static func < (left: Host, right: Host) -> Bool { left.name < right.name }

    package var description: String { name }
}
