/// What turns a device's security token into what the registry keeps.
///
/// A function has no value to compare by. There is one in a program: all are equal.
struct SecretDigest: Hashable, Sendable {
    let digest: @Sendable ([UInt8]) -> [UInt8]

    init(_ digest: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.digest = digest
    }

    static func == (left: SecretDigest, right: SecretDigest) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
