import CloudMessaging
import DeviceMachine
import Testing

/// Both values of every quirk of the device machine.
@Suite("Quirks of the device")
struct QuirkTests {
    private func settings(_ adjust: (inout DeviceSettings) -> Void) -> DeviceSettings {
        var settings = TestDevice.plainSettings
        adjust(&settings)
        return settings
    }

    private static let reserved = DataPayload(
        json: Array(
            #"{ "a" : "\u0041", "from":"x", "google.to":"y", "\u0067cm.n":"z", "b":"" }"#.utf8))

    @Test("Reserved keys make a message one that is refused, or are left out")
    func reservedKeys() throws {
        var strict = try TestDevice()
        #expect(strict.send("m-1", data: Self.reserved) == .refused(.invalidParameters))
        var lax = try TestDevice(settings { $0.stripsReservedKeys = true })
        #expect(lax.send("m-1", data: Self.reserved) == .taken(number: 1))
        _ = lax.actions()
        #expect(
            try lax.stored.map(\.data) == [DataPayload(json: Array(#"{"a":"\u0041","b":""}"#.utf8))]
        )
    }

    @Test("Stripping leaves a payload alone that has no reserved keys, or is none")
    func untouched() {
        for json in [#"{ "a":"b" }"#, "{}", "[]", "{"] {
            let payload = DataPayload(json: Array(json.utf8))
            #expect(payload.withoutReservedKeys == payload)
        }
    }

    @Test("Only sent messages are told in batches, or failed ones, too")
    func batchedCallbacks() throws {
        let error = ["m-2 MessageTooBig"]
        for batchesErrors in [false, true] {
            var device = try TestDevice.online(settings { $0.batchesErrors = batchesErrors })
            device.send("m-1")
            device.send("m-2")
            let uploads = device.actions().uploads
            device.machine.refused(uploads[1].uploadID, .messageTooBig, now: device.now)
            #expect(device.actions().errors == (batchesErrors ? [] : error))
            _ = device.take(2)
            let batch = device.pass(.seconds(1))
            #expect(batch.sentBatches == [["m-1"]])
            #expect(batch.errors == (batchesErrors ? error : []))
            #expect(device.pass(.seconds(1)) == [])
        }
    }

    @Test("A failure that was not told is told in the next life")
    func toldInNextLife() throws {
        var device = try TestDevice(settings { $0.batchesErrors = true })
        device.send("m-1", timeToLive: 1)
        _ = device.actions()
        #expect(device.pass(.milliseconds(1_100)).errors == [])
        try device.restart()
        #expect(device.pass(.seconds(1)).errors == ["m-1 SERVICE_NOT_AVAILABLE"])
        #expect(device.pass(.seconds(1)).errors == [])
        #expect(try device.stored == [])
    }
}
