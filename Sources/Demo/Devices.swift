import RealPrograms

/// A `gcm-device` for each app of the day.
struct Devices: Sendable {
    private let programs: [(sender: CourierDay.Sender, program: DeviceProgram)]

    init(
        _ day: CourierDay, relay: RelayProgram.Endpoints, state: TemporaryDirectory
    ) throws {
        programs = try day.senders.map { sender in
            let program = try DeviceProgram(
                relay: relay, app: sender.app,
                state: state.file("\(sender.device)-\(sender.app).db"),
                ["--when-full", "wait", "--exit-when-sent"])
            return (sender, program)
        }
    }

    /// Hands each message to its device, which takes it when it has a free slot.
    func send(_ messages: some Sequence<CourierDay.Message>) {
        for message in messages {
            programs.first { $0.sender == message.sender }?.program.send(line: message.input)
        }
    }

    /// There is nothing more to send.
    func endInput() {
        for (_, device) in programs { device.endInput() }
    }

    /// Waits until each has ended by itself, all of its messages told sent.
    func end(within limit: Duration) async throws {
        for (_, device) in programs {
            guard try await device.program.exitStatus(within: limit) == 0 else {
                throw device.program.failure("not all of its messages were sent")
            }
        }
    }

    /// Notes what they print until all have ended; an end in disorder is trouble.
    func follow(_ tally: Watched<Tally>) async {
        await withTaskGroup(of: Void.self) { tasks in
            for (sender, device) in programs {
                tasks.addTask {
                    try? await device.forEachEvent { event in
                        tally.change { $0.note(event, of: sender) }
                    }
                    guard !Task.isCancelled, let status = try? await device.program.exitStatus(),
                        status != 0
                    else { return }
                    tally.change { $0.fail("\(device.program.failure("it failed"))") }
                }
            }
        }
    }
}
