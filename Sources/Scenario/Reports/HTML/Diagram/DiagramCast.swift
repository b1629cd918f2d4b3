import Journal

/// Who has a lifeline, and which connection of an app server is on which.
///
/// A lifeline is used again once its connection is closed: there are as many as an app server had
/// connections at the same time.
struct DiagramCast {
    private var devices: [Participant] = []
    private var appServers: [Participant] = []
    /// The relay's numbers of the connections on each line of an app server; nil: none now.
    private var lanes: [[Int?]] = []
    /// Lines of open connections by the relay's numbers.
    private var lines: [Int: LineID] = [:]
    private var parts: [Participant: String] = [:]

    init(_ cast: [CastMember]) {
        for member in cast {
            switch member.role {
            case .device(let plan):
                devices.append(member.name)
                parts[member.name] = plan.client == .ios ? "iOS device" : "device"
            case .appServer(let plan): add(appServer: member.name, "app server \(plan.sender)")
            case .external(let plan): add(appServer: member.name, "under test, \(plan.sender)")
            }
        }
    }

    private mutating func add(appServer name: Participant, _ part: String) {
        appServers.append(name)
        lanes.append([nil])
        parts[name] = part
    }

    /// The line of somebody who need not have a connection; nil: it is nobody with a line.
    mutating func line(of name: Participant) -> LineID? {
        if [.store, .network, .scenario].contains(name) { return nil }
        if name == .relay { return .relay }
        if let member = appServers.firstIndex(of: name) { return appServer(member, lane: 0) }
        if let member = devices.firstIndex(of: name) { return device(member) }
        if name == .appServer {
            add(appServer: name, "app server")
            return appServer(appServers.count - 1, lane: 0)
        }
        devices.append(name)
        return device(devices.count - 1)
    }

    private func device(_ member: Int) -> LineID {
        LineID(group: .device, member: member, lane: 0)
    }

    private func appServer(_ member: Int, lane: Int) -> LineID {
        LineID(group: .appServer, member: member, lane: lane)
    }

    // MARK: Connections

    mutating func open(_ connection: Int, of name: Participant) -> LineID? {
        guard var line = line(of: name) else { return nil }
        if line.group == .appServer {
            let free = lanes[line.member].firstIndex(of: nil)
            let lane = free ?? lanes[line.member].count
            if free == nil { lanes[line.member].append(nil) }
            lanes[line.member][lane] = connection
            line = appServer(line.member, lane: lane)
        }
        lines[connection] = line
        return line
    }

    mutating func close(_ connection: Int) {
        guard let line = lines[connection], line.group == .appServer,
            lanes[line.member][line.lane] == connection
        else { return }
        lanes[line.member][line.lane] = nil
    }

    /// The relay is gone, and all connections with it.
    mutating func closeAll() {
        lines = [:]
        for member in lanes.indices {
            lanes[member] = Array(repeating: nil, count: lanes[member].count)
        }
    }

    /// The line of a connection, open or the last of its number.
    func line(of connection: Int?) -> LineID? {
        connection.flatMap { lines[$0] }
    }

    /// The line of the connection that somebody opened last, if it is open.
    mutating func newestLine(of name: Participant) -> LineID? {
        guard let line = line(of: name), line.group == .appServer else { return line(of: name) }
        let lanes = lanes[line.member].enumerated().compactMap { lane, connection in
            connection.map { (lane: lane, connection: $0) }
        }
        let newest = lanes.max { $0.connection < $1.connection }
        return newest.map { appServer(line.member, lane: $0.lane) } ?? line
    }

    // MARK: The result

    var all: [SequenceDiagram.Line] {
        var all = devices.indices.map { member in
            SequenceDiagram.Line(
                id: device(member), name: devices[member].text,
                part: parts[devices[member]] ?? "device")
        }
        all.append(SequenceDiagram.Line(id: .relay, name: "relay", part: "connection server"))
        for (member, name) in appServers.enumerated() {
            all += lanes[member].indices.map { lane in
                SequenceDiagram.Line(
                    id: appServer(member, lane: lane), name: name.text,
                    part: lane == 0 ? parts[name] ?? "app server" : "connection beside it")
            }
        }
        return all
    }
}
