import Foundation
import Journal
import Simulator
import Testing

@Test("dump") func dump() {
    guard let text = ProcessInfo.processInfo.environment["DUMP_SEED"], let seed = UInt64(text) else { return }
    var play = RandomPlay(seed: seed)
    if case .violated(let whole, let violation) = Sweep.outcome(of: play) {
        play = Sweep.shrink(whole, violation).play
    }
    print(play.text)
    let record = Sweep.record(of: play)
    var bytes: [UInt8] = []
    for event in record.journal.events().events { event.appendLine(to: &bytes) }
    print(String(decoding: bytes, as: UTF8.self))
    print("\(record.violation.map(\.description) ?? "good")")
}
