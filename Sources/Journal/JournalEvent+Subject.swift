package import CloudMessaging

extension JournalEvent {
    /// The message that an event is about, by reference.
    package enum Subject: Sendable {
        case nothing
        case upstream(UpstreamMessage)
        case downstream(DownstreamMessage)
        /// What is no message of the relay's, or not yet: an upload, an ACK, a request.
        case named(Names)
    }

    /// What a stanza names.
    package final class Names: Sendable {
        package let messageID: MessageID?
        /// As `JournalEvent.from`.
        package let from: RegistrationToken?
        package let category: Category?
        let payload: Payload
        /// As `JournalEvent.message`.
        package let message: Int64?
        package let upload: UploadID?
        /// The road, where the kind of the event does not say it.
        package let direction: Direction?

        init(
            messageID: MessageID?, from: RegistrationToken?, category: Category?,
            payload: Payload, message: Int64?, upload: UploadID?, direction: Direction?
        ) {
            self.messageID = messageID
            self.from = from
            self.category = category
            self.payload = payload
            self.message = message
            self.upload = upload
            self.direction = direction
        }

        package convenience init(
            messageID: MessageID? = nil, from: RegistrationToken? = nil,
            category: Category? = nil, data: DataPayload? = nil, message: Int64? = nil,
            upload: UploadID? = nil, direction: Direction? = nil
        ) {
            self.init(
                messageID: messageID, from: from, category: category,
                payload: data.map { .data($0) } ?? .nothing, message: message, upload: upload,
                direction: direction)
        }

        /// - Parameter content: a JSON object whose member `data` is the payload; it is looked for
        ///   only when somebody asks.
        package convenience init(
            messageID: MessageID?, from: RegistrationToken? = nil, category: Category? = nil,
            content: [UInt8], message: Int64? = nil, direction: Direction? = nil
        ) {
            self.init(
                messageID: messageID, from: from, category: category, payload: .content(content),
                message: message, upload: nil, direction: direction)
        }

        enum Payload {
            case nothing
            case data(DataPayload)
            case content([UInt8])
        }

        package var data: DataPayload? {
            switch payload {
            case .nothing: nil
            case .data(let data): data
            case .content(let content): DataPayload(inContent: content)
            }
        }
    }

    // MARK: What the subject says

    package var messageID: MessageID? {
        switch subject {
        case .nothing: nil
        case .upstream(let message): message.id
        case .downstream(let message): message.id
        case .named(let names): names.messageID
        }
    }

    /// The token of the app on a device: it sent an upstream message, or gets a downstream one.
    /// An ACK names the service instead when it is for a receipt.
    package var from: RegistrationToken? {
        switch subject {
        case .nothing: nil
        case .upstream(let message): message.origin.token
        case .downstream(let message): message.registration.token
        case .named(let names): names.from
        }
    }

    package var category: Category? {
        switch subject {
        case .nothing: nil
        case .upstream(let message): message.origin.category
        case .downstream(let message): message.registration.category
        case .named(let names): names.category
        }
    }

    package var data: DataPayload? {
        switch subject {
        case .nothing: nil
        case .upstream(let message): message.data
        case .downstream(let message): DataPayload(inContent: message.content)
        case .named(let names): names.data
        }
    }

    /// The relay's number of a message: tells apart those that share token and ID. A message to a
    /// topic has one number for all that it reaches.
    package var message: Int64? {
        switch subject {
        case .nothing: nil
        case .upstream(let message): message.key.sequence
        case .downstream(let message): message.key.sequence
        case .named(let names): names.message
        }
    }

    package var upload: UploadID? {
        guard case .named(let names) = subject else { return nil }
        return names.upload
    }
}

extension JournalEvent.Subject {
    /// The road of the message; nil: it says none.
    var direction: Direction? {
        switch self {
        case .upstream: .upstream
        case .downstream: .downstream
        case .nothing: nil
        case .named(let names): names.direction
        }
    }
}

extension DataPayload {
    /// The member `data` of a JSON object; nil: there is none.
    fileprivate init?(inContent content: [UInt8]) {
        let data = content.withUnsafeBufferPointer { bytes in
            var data: DataPayload?
            var scanner = JSONScanner(bytes)
            try? scanner.scanObject { key, value in
                guard value.kind == .object, JSONStrings.spells("data", key, in: bytes)
                else { return }
                data = DataPayload(json: Array(bytes[value.range]))
            }
            return data
        }
        guard let data else { return nil }
        self = data
    }
}
