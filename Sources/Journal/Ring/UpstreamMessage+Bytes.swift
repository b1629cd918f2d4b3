import CloudMessaging

extension UpstreamMessage {
    var packedSize: Int {
        4 * MemoryLayout<Int64>.size + ByteWriter.size(bytes: id.text.utf8.count)
            + ByteWriter.size(bytes: data.json.count)
    }

    /// All but the registration.
    func write(to writer: inout ByteWriter) {
        writer.write(key.rawValue)
        writer.write(expiry.nanoseconds)
        writer.write(Int64(timeToLive))
        writer.write(Int64(kind.rawValue))
        writer.write(id.text)
        writer.write(data.json)
    }

    convenience init(readFrom reader: inout ByteReader, origin: Registration) {
        let key = MessageKey(rawValue: reader.number())
        let expiry = Instant(nanoseconds: reader.number())
        let timeToLive = Int(reader.number(Int64.self))
        let kind = Kind(rawValue: Int(reader.number(Int64.self)))
        guard let kind, let id = MessageID(reader.text()) else {
            preconditionFailure("a journal reads what it wrote")
        }
        self.init(
            key: key, origin: origin, id: id, data: DataPayload(json: reader.array()),
            timeToLive: timeToLive, expiry: expiry, kind: kind)
    }
}
