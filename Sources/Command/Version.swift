/// The version of the three programs.
package enum Version {
    package static let current = "0.1.0"
}
