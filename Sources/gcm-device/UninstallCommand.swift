import ArgumentParser
import CloudMessaging
import Command
import GCMDevice

/// `gcm-device uninstall`: the app is removed from the device, without a word to the relay.
struct UninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Remove the app from the device; the relay learns of it at its next delivery.",
        discussion: "Exit codes: 0 done.")

    @OptionGroup var options: DeviceOptions

    @Option(
        help: ArgumentHelp(
            "File for the device's identity and tokens. (default: device.db in the state "
                + "directory)", valueName: "file"))
    var state: String?

    func run() async throws {
        try await Program.run {
            let (app, _) = try options.sender()
            let directory = StateDirectory()
            if state == nil { try directory.create() }
            let device = try await DeviceRun.open(
                options.configuration(stateFile: state ?? directory.deviceFile))
            let log = DeviceLog(
                client: options.client, unfinished: device.unfinishedAtStart(of: app))
            device.attach(app) { log.tell($0) }
            do throws(GCMDeviceError) {
                try await device.uninstall(app.text)
            } catch {
                throw CommandFailure(error)
            }
            var event = EventLine("uninstalled", at: .now)
            event.add("app", app.text)
            log.say(event)
            log.willEnd()
            await device.close()
            return .done
        }
    }
}
