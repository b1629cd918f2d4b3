package import Journal

/// One who plays; the relay, its store and the network always do, and stand in no cast.
package struct CastMember: Sendable {
    package let name: Participant
    package let role: Role
    package let network: LinkPlan
    package let place: SourcePlace

    package init(
        name: Participant, role: Role, network: LinkPlan = LinkPlan(), place: SourcePlace = .start
    ) {
        self.name = name
        self.role = role
        self.network = network
        self.place = place
    }

    package enum Role: Sendable {
        case device(DevicePlan)
        case appServer(AppServerPlan)
        /// The app server under test: a program of the user's that connects by itself.
        case external(ExternalPlan)

        /// As the file writes it.
        package var kind: Kind {
            switch self {
            case .device: .device
            case .appServer: .appServer
            case .external: .external
            }
        }
    }

    package enum Kind: String, Sendable, CaseIterable {
        case device
        case appServer = "app-server"
        case external

        /// With its article, for sentences.
        package var title: String {
            switch self {
            case .device: "a device"
            case .appServer: "an app server"
            case .external: "an external app server"
            }
        }
    }
}

/// The network between a member of the cast and the relay; each direction draws for itself.
package struct LinkPlan: Hashable, Sendable {
    /// Time that bytes take on their way.
    package var latency: Duration?
    /// What is added to it by chance, at most.
    package var jitter: Duration?
    /// Bytes that one read hands over, at most; nil: as they come.
    package var fragment: Int?
    /// Whether writes that are on their way together come in one read.
    package var coalesce = false

    package init() {}
}
