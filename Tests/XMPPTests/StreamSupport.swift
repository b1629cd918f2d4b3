@testable import XMPP

/// All that a parser said about some bytes: its events, and the error that ended them if one did.
struct Transcript: Equatable {
    var events: [StreamEvent] = []
    var error: StreamParserError?

    /// The stanzas among the events.
    var stanzas: [Element] {
        events.compactMap { if case .stanza(let element) = $0 { element } else { nil } }
    }
}

enum Stream {
    /// A client's header as most clients write it.
    static let header =
        "<stream:stream to='gcm.googleapis.com' version='1.0' xmlns='jabber:client' "
        + "xmlns:stream='http://etherx.jabber.org/streams'>"

    static let opened = StreamEvent.opened(StreamHeader(to: "gcm.googleapis.com"))

    /// Reads bytes that arrive in pieces; the parser restarts after every `<success/>`.
    static func read(
        pieces: [ArraySlice<UInt8>], limits: ParserLimits = ParserLimits()
    ) -> Transcript {
        var parser = StreamParser(limits: limits)
        var transcript = Transcript()
        do throws(StreamParserError) {
            for piece in pieces {
                parser.append(Array(piece))
                while let event = try parser.next() {
                    transcript.events.append(event)
                    if case .stanza(let element) = event,
                        element.is("success", in: Namespace.sasl)
                    {
                        parser.restart()
                    }
                }
            }
        } catch {
            transcript.error = error
        }
        return transcript
    }

    static func read(_ text: String, limits: ParserLimits = ParserLimits()) -> Transcript {
        read(pieces: [Array(text.utf8)[...]], limits: limits)
    }

    static func read(bytes: [UInt8], limits: ParserLimits = ParserLimits()) -> Transcript {
        read(pieces: [bytes[...]], limits: limits)
    }

    /// What a parser says about bytes after a header.
    static func read(afterHeader text: String, limits: ParserLimits = ParserLimits()) -> Transcript
    {
        read(header + text, limits: limits)
    }
}

/// Random numbers that are the same in every run.
struct FixedGenerator: RandomNumberGenerator {
    var state: UInt64

    /// A linear congruential generator; the high bits are good enough to cut streams with.
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }
}

extension Element {
    /// A stanza as the device stream carries it.
    static func upload(id: String, json: String) -> Element {
        Element(
            "message", namespace: Namespace.client, attributes: [Attribute("id", id)],
            children: [Element("gcm", namespace: "google:mobile:data", text: json)])
    }
}
