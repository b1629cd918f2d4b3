import CloudMessaging
import Command
import Foundation
import NetworkRuntime
import Nodes
import RelayMachine
import RelayService
import Scenario
import XMPPSessions

/// The settings of `serve` and where each one comes from: flag, then variable, then file, then the
/// profile, then what is built in.
struct ResolvedSettings: Sendable {
    private(set) var settings: ServeSettings
    /// In the order of the tables.
    private(set) var origins: [SettingOrigin] = []
    private(set) var quirkOrigins: [SettingOrigin] = []

    /// - Parameters:
    ///   - command: whose variables count.
    ///   - builtIn: what holds where nobody says anything.
    ///   - environment: none: only flags and file count.
    init(
        _ options: ServeOptions, of command: String = "gcm-relay serve",
        builtIn: ServeSettings = ServeSettings(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) {
        settings = builtIn
        var file: SettingsFile?
        if let path = options.config {
            file = try SettingsFile(
                path: path, keys: ServeSetting.all.map(\.setting.name) + ["quirk"])
        }
        let resolver = SettingsResolver(
            command: command, file: file, environment: environment)
        for entry in ServeSetting.all {
            let texts = resolver.texts(
                entry.setting.name, flags: entry.flags(options), isList: entry.setting.isList)
            origins.append(try entry.setting.apply(texts, to: &settings))
        }
        try applyQuirks(resolver.layers("quirk", flags: options.quirk, isList: true))
    }

    /// Refuses settings that exclude each other, and says where each was set.
    func check() throws(CommandFailure) {
        guard let (names, failure) = settings.contradiction else { return }
        let places = zip(ServeSetting.all, origins).compactMap { entry, origin -> String? in
            guard names.contains(entry.setting.name) else { return nil }
            return switch origin {
            case .file(let place): "--\(entry.setting.name) is set at \(place)"
            case .variable: "--\(entry.setting.name) is set by the \(origin)"
            case .flag, .profile, .builtIn: nil
            }
        }
        let remedies = places + (failure.remedy.map { [$0] } ?? [])
        throw CommandFailure(
            failure.status, failure.problem,
            remedy: remedies.isEmpty ? nil : remedies.joined(separator: "\n  "))
    }

    /// Each quirk is a setting of its own: one that is given replaces only itself.
    private mutating func applyQuirks(_ layers: [[SettingText]]) throws(CommandFailure) {
        let builtIn = settings.relay.node
        settings.relay.node.wire = settings.profile.quirks
        quirkOrigins = RelayNodeSettings.quirks.map { quirk in
            quirk.value(in: settings.relay.node) == quirk.value(in: builtIn)
                ? .builtIn : .profile(settings.profile.rawValue)
        }
        for choice in settings.ownQuirks {
            let index = RelayNodeSettings.quirks.firstIndex { $0.name == choice.name }
            guard let index else { continue }
            _ = RelayNodeSettings.quirks[index].apply(choice.value, to: &settings.relay.node)
            quirkOrigins[index] = .builtIn
        }
        let reader = QuirkReader(RelayNodeSettings.quirks)
        for text in layers.joined() {
            let name = try reader.apply(text, to: &settings.relay.node)
            if let index = RelayNodeSettings.quirks.firstIndex(where: { $0.name == name }) {
                quirkOrigins[index] = text.origin
            }
        }
    }
}
