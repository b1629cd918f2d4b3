import CloudMessaging
import XMPP

@testable import XMPPSessions

/// What the four sessions have in common: bytes in, events and bytes out.
protocol StreamEnd {
    associatedtype Event
    var output: [UInt8] { get set }
    var isEnded: Bool { get }
    mutating func receive(_ bytes: UnsafeRawBufferPointer)
    mutating func nextEvent() -> Event?
}

extension RelayAppServerSession: StreamEnd {}
extension RelayDeviceSession: StreamEnd {}
extension AppServerSession: StreamEnd {}
extension DeviceSession: StreamEnd {}

extension StreamEnd {
    mutating func receive(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { receive($0) }
    }

    /// Everything written since the last call.
    mutating func takeOutput() -> [UInt8] {
        defer { output.removeAll() }
        return output
    }
}

/// A session together with a driver that answers what must be answered, and writes down the rest.
protocol Door {
    associatedtype Session: StreamEnd
    var session: Session { get set }
    /// Does what a driver does at an event; returns its line in the log of the test.
    mutating func handle(_ event: Session.Event) -> String
}

extension Door {
    /// The peer wrote something: returns a line for each event.
    mutating func hear(_ bytes: [UInt8]) -> [String] {
        session.receive(bytes)
        return events()
    }

    @discardableResult
    mutating func hear(_ text: String) -> [String] {
        hear(Array(text.utf8))
    }

    /// What happens without new bytes: a decision was taken.
    mutating func events() -> [String] {
        var lines: [String] = []
        while let event = session.nextEvent() { lines.append(handle(event)) }
        return lines
    }

    /// What the session wrote since the last call.
    mutating func written() -> String {
        String(decoding: session.takeOutput(), as: UTF8.self)
    }

    /// Hears something and returns what the session wrote in answer.
    mutating func answer(to text: String) -> String {
        hear(text)
        return written()
    }
}

/// All that a door said while some bytes came in.
struct Transcript: Equatable {
    var events: [String] = []
    var output: [UInt8] = []

    /// Lets bytes in piece by piece.
    init(_ door: some Door, _ pieces: [ArraySlice<UInt8>]) {
        var door = door
        for piece in pieces { events += door.hear(Array(piece)) }
        output = door.session.takeOutput()
    }
}
