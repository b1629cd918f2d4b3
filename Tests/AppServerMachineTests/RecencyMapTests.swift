import CloudMessaging
import Testing

@testable import AppServerMachine

@Suite("RecencyMap")
struct RecencyMapTests {
    @Test("does what a list that is searched and sorted does", arguments: [1, 2, 3, 10])
    func againstAList(limit: Int) {
        var entropy = Entropy(seed: UInt64(limit))
        var map = RecencyMap<Int, Int>(limit: limit)
        var model: [(key: Int, value: Int)] = []
        for step in 0..<500 {
            let key = Int.random(in: 0..<15, using: &entropy)
            let place = map.touch(key, insert: step)
            if let known = model.firstIndex(where: { $0.key == key }) {
                model.append(model.remove(at: known))
            } else {
                if model.count == limit { model.removeFirst() }
                model.append((key, step))
            }
            #expect(map[place] == model[model.count - 1].value)
            map[place] += 1
            model[model.count - 1].value += 1
            for key in 0..<15 {
                let value = model.first { $0.key == key }?.value
                #expect(map.place(of: key).map { map[$0] } == value)
            }
            #expect(map.count == model.count)
        }
    }
}
