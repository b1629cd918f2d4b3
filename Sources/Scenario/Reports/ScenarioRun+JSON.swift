import CloudMessaging
import Journal

extension ScenarioRun {
    /// The report for programs: one compact JSON object with a line's end.
    package var json: [UInt8] {
        var object = JSONObjectWriter()
        object.add("scenario", file.name)
        object.add("file", path)
        object.add("driver", driver.rawValue)
        object.add("seed", seed)
        object.add("good", isGood)
        if let failure {
            object.add("failure", failure.description)
            object.add("failure_kind", failure.kind.rawValue)
            if let moment = failureMoment {
                if let event = moment.event { object.add("deciding", json: Self.line(event)) }
                object.add("before", json: Self.array(moment.before.map(Self.line)))
            }
        }
        object.add("play_ms", length.wholeNanoseconds / 1_000_000)
        object.add("took_ms", took.wholeNanoseconds / 1_000_000)
        object.add("events", evidence.events.count)
        object.add("command", command)
        object.add("expectations", json: Self.array(verdicts.map(json)))
        object.end()
        return object.bytes + [UInt8(ascii: "\n")]
    }

    private func json(of verdict: Verdict) -> [UInt8] {
        var object = JSONObjectWriter()
        object.add("expectation", verdict.expectation.sentence)
        object.add("line", verdict.expectation.place.line)
        object.add("column", verdict.expectation.place.column)
        object.add("met", verdict.isMet)
        object.add("came", verdict.found)
        if let reason = verdict.reason { object.add("reason", reason) }
        if let match = verdict.match { object.add("match", match.description) }
        if !verdict.nearest.isEmpty {
            object.add("nearest", json: Self.array(verdict.nearest.map(json)))
        }
        if let deciding = verdict.deciding { object.add("deciding", json: Self.line(deciding)) }
        if !verdict.before.isEmpty {
            object.add("before", json: Self.array(verdict.before.map(Self.line)))
        }
        object.end()
        return object.bytes
    }

    private func json(of near: NearMiss<JournalEvent>) -> [UInt8] {
        var object = JSONObjectWriter()
        object.add("count", near.count)
        let misses = near.misses.map { miss in
            var bytes: [UInt8] = []
            JSONStrings.append(miss.description, to: &bytes)
            return bytes
        }
        object.add("misses", json: Self.array(misses))
        object.add("latest", json: Self.line(near.latest))
        object.end()
        return object.bytes
    }

    private static func line(_ event: JournalEvent) -> [UInt8] {
        var bytes: [UInt8] = []
        event.appendLine(to: &bytes)
        return bytes.dropLast()
    }

    private static func array(_ members: [[UInt8]]) -> [UInt8] {
        [UInt8(ascii: "[")] + members.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
    }
}
