/// One attempt of an app server to be connected; counted up from `#1` and never used again.
package struct AppServerConnectionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: Int

    package init(_ rawValue: Int) {
        self.rawValue = rawValue
    }

    package static func < (left: AppServerConnectionID, right: AppServerConnectionID) -> Bool {
        left.rawValue < right.rawValue
    }

    package var description: String { "#\(rawValue)" }
}
