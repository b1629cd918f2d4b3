import CloudMessaging
import Foundation
import Testing

@testable import GCMDevice

@Suite("What is no string, on iOS")
struct OtherValuesTests {
    private var message: [AnyHashable: Any] {
        [
            "a": 7, "b": true, "c": 1.5, "d": NSNumber(value: 3), "e": Float(0.25), "s": "x",
            "z": [1, 2], 5: "no key",
        ]
    }

    @Test("It is left out, or its number becomes a string")
    func values() {
        #expect(DataPayload(strings: message) == DataPayload([(key: "s", value: "x")]))
        let all = DataPayload(strings: message, otherValues: .stringified)
        #expect(
            String(decoding: all.json, as: UTF8.self)
                == #"{"a":"7","b":"1","c":"1.5","d":"3","e":"0.25","s":"x"}"#)
    }
}
