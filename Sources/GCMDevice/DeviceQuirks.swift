/// What a device's library does where the sources of the protocol disagree.
public struct DeviceQuirks: Hashable, Sendable {
    /// What becomes of pairs whose value is no string. Concerns the iOS library; Android's takes
    /// nothing else.
    public var otherValues = OtherValues.ignored

    /// What becomes of pairs whose value is no string.
    public enum OtherValues: String, Hashable, Sendable, CaseIterable {
        /// They are left out, as the guide says.
        case ignored
        /// Numbers become strings, true and false 1 and 0, as in the source of the later library;
        /// what is neither is left out.
        case stringified
    }

    /// What becomes of the key `from` and of keys that begin with `google.` or `gcm.`.
    public var reservedKeys = ReservedKeys.refuse

    /// What becomes of reserved keys.
    public enum ReservedKeys: String, Hashable, Sendable, CaseIterable {
        /// The message is refused.
        case refuse
        /// They are left out.
        case strip
    }

    /// Which callbacks come in batches.
    public var batchedCallbacks = BatchedCallbacks.sent

    /// Which callbacks come in batches.
    public enum BatchedCallbacks: String, Hashable, Sendable, CaseIterable {
        /// Only those about messages that were sent, as the guide says.
        case sent
        /// Those about messages that failed, too, as the later documentation says.
        case sentAndError = "sent-and-error"
    }

    /// As the guide has it.
    public init() {}
}
