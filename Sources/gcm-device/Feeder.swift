import CloudMessaging
import Command
import DeviceMachine
import GCMDevice

/// Hands the lines of an input to a device, in order.
struct Feeder: Sendable {
    let device: GCMDevice
    let log: DeviceLog
    let app: Category
    let to: String
    let client: ClientProfile
    /// Whether it waits for room in the queue, or lets the library refuse the message.
    let waitsForRoom: Bool
    /// What becomes of pairs whose value is no string, on iOS; nil: they make a line a bad one.
    let otherValues: DeviceQuirks.OtherValues?

    /// Hands over every line; returns how many were bad.
    func feed(_ lines: InputLines?) async -> Int {
        var number = 0
        var bad = 0
        while let line = await lines?.next(), !Task.isCancelled {
            number += 1
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { continue }
            do throws(JSONError) {
                let message = try InputMessage(
                    line: line, client: client, otherValues: otherValues)
                guard await handOver(message) else { break }
            } catch {
                bad += 1
                Talk.say("gcm-device: line \(number) is bad and was not sent: \(error)")
            }
        }
        log.endOfInput()
        return bad
    }

    /// False: the device has ended.
    private func handOver(_ message: InputMessage) async -> Bool {
        do throws(GCMDeviceError) {
            let id: String
            if let given = message.id {
                id = given
            } else {
                id = try await device.nextMessageID()
            }
            if waitsForRoom, message.timeToLive != 0 { try await device.waitForRoom(for: app) }
            log.willHandOver(id)
            return await send(
                SendRequest(
                    category: app, to: to, id: id, data: DataPayload(message.pairs),
                    timeToLive: message.timeToLive))
        } catch {
            return false
        }
    }

    /// Returns when the message is durable or refused: an input of any length then needs no more
    /// memory than the queue.
    private func send(_ request: SendRequest) async -> Bool {
        await withCheckedContinuation { continuation in
            let isOpen = device.send(request) { [log] failure in
                if let failure { log.refused(messageID: request.id, failure) }
                continuation.resume(returning: true)
            }
            if !isOpen { continuation.resume(returning: false) }
        }
    }
}
