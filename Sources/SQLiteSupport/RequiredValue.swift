internal import CloudMessaging

/// The value, or the error that says which column of which row holds none.
package func required<Value>(
    _ value: Value?, _ column: @autoclosure () -> String
) throws -> Value {
    guard let value else { throw DamagedRow("\(column()) is not usable") }
    return value
}
