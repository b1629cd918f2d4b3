internal import CloudMessaging

/// The parts of a request that was found good.
struct ValidRequest {
    let to: String
    /// Of the app server that is addressed; nil: a device group is.
    let sender: SenderID?
    let id: MessageID
    /// Seconds, 0 up to the cap.
    let timeToLive: Int
}

extension SendRequest {
    /// Bytes of a payload's JSON text. 4,096 bytes of keys and values, all escaped, need less than
    /// 40,000; a text of white space or of repeated empty keys counts nothing against the 4,096
    /// and yet must not break the relay's bound of a stanza, which would cut the link for ever.
    static let jsonTextBytes = 45_056

    /// Judges the request in the order of the protocol sheet: address, data, ID.
    func validated(timeToLiveCap: Int) throws(UpstreamError) -> ValidRequest {
        guard let to, !to.isEmpty else { throw .missingTo }
        let sender = UpstreamAddress.senderID(in: to)
        guard sender != nil || UpstreamAddress.mayBeKey(to) else { throw .invalidParameters }
        try data.validate()
        guard let id = MessageID(id) else { throw .invalidParameters }
        let asked = timeToLive ?? timeToLiveCap
        let seconds = asked < 0 ? timeToLiveCap : min(asked, timeToLiveCap)
        return ValidRequest(to: to, sender: sender, id: id, timeToLive: seconds)
    }
}

/// A `send` that refuses throws its reason from one step to the next.
extension UpstreamError: Error {}

extension DataPayload {
    fileprivate func validate() throws(UpstreamError) {
        guard json.count <= SendRequest.jsonTextBytes else { throw .messageTooBig }
        guard let size = json.withUnsafeBufferPointer(Self.payloadSize) else {
            throw .invalidParameters
        }
        guard size <= Limits.payloadBytes else { throw .messageTooBig }
    }

    /// Bytes of all keys and values; nil unless the text is an object of strings without reserved
    /// keys.
    private static func payloadSize(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var size = 0
        var isGood = true
        var scanner = JSONScanner(bytes)
        do throws(JSONError) {
            try scanner.scanObject { key, value in
                isGood = isGood && value.kind == .string && !isReserved(key, in: bytes)
                guard isGood else { return }
                size += JSONStrings.decodedByteCount(of: key, in: bytes)
                size += JSONStrings.decodedByteCount(of: value, in: bytes)
            }
        } catch {
            return nil
        }
        return isGood ? size : nil
    }

    private static func isReserved(_ key: JSONValue, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes[key.content].first else { return false }
        switch first {
        case UInt8(ascii: "f"), UInt8(ascii: "g"), UInt8(ascii: "\\"):
            return JSONStrings.decode(key, in: bytes).map(DataPayload.isReserved) ?? false
        default:
            // Escapes count only where the key begins with one or with a reserved letter.
            return false
        }
    }
}
