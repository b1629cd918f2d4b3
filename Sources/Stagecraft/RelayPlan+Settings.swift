import CloudMessaging
package import Nodes
import RelayMachine
package import Scenario
import XMPPSessions

extension RelayPlan {
    /// Sets what the play changes.
    package func apply(to settings: inout RelayNodeSettings) {
        settings.wire = profile == .docs ? Profile.docs.quirks : Profile.observed.quirks
        settings.machine.retry = retry
        if let redelivery {
            settings.machine.redelivery = Redelivery(redelivery)
        }
        if let reconnectHoldback { settings.machine.reconnectHoldback = reconnectHoldback }
        if let maxUnacked { settings.machine.maxUnacked = maxUnacked }
        if let maxConnections { settings.machine.maxConnections = maxConnections }
        if let timeToLiveCap { settings.machine.timeToLiveCap = timeToLiveCap.secondsRoundedUp }
        if let keepalive { settings.keepalive = keepalive }
        if let drainGrace { settings.machine.drainGrace = drainGrace }
        if !projects.isEmpty {
            settings.machine.projects = [:]
            for project in projects { settings.machine.projects?[project.sender] = project.apiKey }
        }
        for choice in quirks {
            let quirk = RelayNodeSettings.quirks.first { $0.name == choice.name }
            _ = quirk?.apply(choice.value, to: &settings)
        }
    }
}

extension Redelivery {
    fileprivate init(_ mode: RedeliveryMode) {
        switch mode {
        case .both: self = .both
        case .timer: self = .timer
        case .onReconnect: self = .onReconnect
        case .never: self = .never
        }
    }
}
