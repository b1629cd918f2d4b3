import CloudMessaging

extension JournalEvent.Names {
    var packedSize: Int {
        ByteWriter.size(messageID?.text) + ByteWriter.size(from?.text)
            + ByteWriter.size(category?.text) + ByteWriter.size(upload?.text)
            + MemoryLayout<Int64>.size + 2 + ByteWriter.size(bytes: payload.json.count)
    }

    func write(to writer: inout ByteWriter) {
        writer.write(messageID?.text)
        writer.write(from?.text)
        writer.write(category?.text)
        writer.write(upload?.text)
        writer.write(message ?? -1)
        writer.write(direction.code)
        writer.write(payload.code)
        writer.write(payload.json)
    }

    convenience init(readFrom reader: inout ByteReader) {
        let messageID = reader.optionalText().flatMap { MessageID($0) }
        let from = reader.optionalText().map { RegistrationToken($0) }
        let category = reader.optionalText().flatMap { Category($0) }
        let upload = reader.optionalText().flatMap { UploadID($0) }
        let message = reader.number(Int64.self)
        let direction = Direction?(code: reader.number())
        let payload = Payload(code: reader.number(), json: reader.array())
        self.init(
            messageID: messageID, from: from, category: category, payload: payload,
            message: message < 0 ? nil : message, upload: upload, direction: direction)
    }
}

extension JournalEvent.Names.Payload {
    fileprivate var json: [UInt8] {
        switch self {
        case .nothing: []
        case .data(let data): data.json
        case .content(let content): content
        }
    }

    fileprivate var code: UInt8 {
        switch self {
        case .nothing: 0
        case .data: 1
        case .content: 2
        }
    }

    fileprivate init(code: UInt8, json: [UInt8]) {
        switch code {
        case 1: self = .data(DataPayload(json: json))
        case 2: self = .content(json)
        default: self = .nothing
        }
    }
}

extension Direction? {
    fileprivate var code: UInt8 {
        switch self {
        case nil: 0
        case .upstream: 1
        case .downstream: 2
        }
    }

    fileprivate init(code: UInt8) {
        switch code {
        case 1: self = .upstream
        case 2: self = .downstream
        default: self = nil
        }
    }
}
