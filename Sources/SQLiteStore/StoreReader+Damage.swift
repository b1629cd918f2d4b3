internal import CloudMessaging
internal import GRDB
internal import SQLiteSupport

/// What is damaged is set aside: a bad row keeps nobody waiting but its own message or device.
extension StoreReader {
    /// Reads something; nil, and noted, when it is damaged.
    ///
    /// - Parameter place: where it is, for what SQLite itself cannot read.
    mutating func sound<Value>(
        _ place: @autoclosure () -> String, _ read: (inout StoreReader) throws -> Value
    ) throws -> Value? {
        do {
            return try read(&self)
        } catch let row as DamagedRow {
            note(row)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            note(DamagedRow("\(place()) cannot be read (\(error))"))
        }
        return nil
    }

    /// Keeps the first ones of a batch: a whole table may be damaged.
    mutating func note(_ row: DamagedRow) {
        if damagedRows.count < Limits.damagedRows { damagedRows.append(row) }
    }

    /// Whether a sender has this number: they count from 0 without a gap.
    mutating func isSender(_ number: Int64) throws -> Bool {
        if senderCount == nil {
            let count = try PreparedStatement("SELECT count(*) FROM sender", in: database)
            senderCount = try count.firstRow { $0.int64(0) }
        }
        return number >= 0 && number < senderCount ?? 0
    }
}

/// A row of a table, read without trust in what its columns hold.
struct SuspectRow {
    /// A table, and where a statement has the columns of its primary key.
    struct Source {
        fileprivate let table: String
        fileprivate let key: [Int32]

        static let device = Source(table: "device", key: [0])
        static let registration = Source(table: "registration", key: [0])
        static let message = Source(table: "message", key: [1])
        static let delivery = Source(table: "delivery", key: [0, 1])
    }

    let row: PreparedStatement
    let source: Source

    init(_ row: PreparedStatement, of source: Source) {
        self.row = row
        self.source = source
    }

    /// The value that a column stands for, or what is wrong.
    func need<Value>(_ value: Value?, _ column: String) throws -> Value {
        guard let value else { throw damage(column) }
        return value
    }

    func damage(_ column: String) -> DamagedRow {
        let key = source.key.map { row.text($0) ?? "NULL" }.joined(separator: ", ")
        return DamagedRow("\(column) of row \(key) of table \(source.table) is not usable")
    }

    func integer(_ position: Int32, _ column: String) throws -> Int64 {
        try need(row.integer(position), column)
    }

    /// Seconds that a message may live.
    func timeToLive(_ position: Int32, upTo longest: Int) throws -> Int {
        let seconds = try integer(position, "ttl")
        guard seconds >= 0, seconds <= longest else { throw damage("ttl") }
        return Int(seconds)
    }

    /// A number that a message may have.
    func sequence(_ position: Int32) throws -> Int64 {
        let sequence = try integer(position, "sequence")
        guard MessageKey.sequences.contains(sequence) else { throw damage("sequence") }
        return sequence
    }

    func text(_ position: Int32, _ column: String) throws -> String {
        try need(row.wellFormedText(position), column)
    }

    /// Nil when the column is NULL.
    func optionalText(_ position: Int32, _ column: String) throws -> String? {
        row.isNull(position) ? nil : try text(position, column)
    }

    /// The text of a JSON object that can go out in XML: what is none would break the stream of
    /// whoever gets it.
    func object(_ position: Int32, _ column: String) throws -> [UInt8] {
        let json = row.bytes(position)
        guard let text = String(validating: json, as: UTF8.self), text.isAllowedInXML
        else { throw damage(column) }
        do throws(JSONError) {
            try json.withUnsafeBufferPointer { bytes throws(JSONError) in
                var scanner = JSONScanner(bytes)
                try scanner.scanObject { (_: JSONValue, _: JSONValue) in }
            }
        } catch {
            throw DamagedRow("\(damage(column)): \(error)")
        }
        return json
    }
}
