package import CloudMessaging

extension InMemoryStore: BrowsableStore {
    package func page(from place: KeptPage.Place, limit: Int) -> KeptPage {
        switch place {
        case .upstream(let number):
            let found = tables.upstream(after: number, limit: limit)
            return KeptPage(
                found.map(KeptMessage.upstream), from: place,
                last: found.count < limit
                    ? nil : found.last.map { .upstream(after: $0.key.sequence) })
        case .downstream(let key):
            let found = tables.downstream(after: key, limit: limit)
            return KeptPage(
                found.map(KeptMessage.downstream), from: place,
                last: found.count < limit ? nil : found.last.map { .downstream(after: $0.key) })
        }
    }

    package func messages(numbered number: Int64) -> [KeptMessage] {
        if let message = tables.upstream(after: number - 1, limit: 1).first,
            message.key.sequence == number
        {
            return [.upstream(message)]
        }
        return tables.deliveries(numbered: number).prefix(mailboxesShown).map(
            KeptMessage.downstream)
    }

    package func registrations(after number: Int64, limit: Int) -> [Registration] {
        tables.registrations(after: number, limit: limit)
    }
}
