package import CloudMessaging
import Journal
import Nodes
package import Scenario

/// Where a play is given: the cast of a scenario file, and what is seen of it.
package final class Stage {
    package let file: ScenarioFile
    package let driver: any PlayDriver
    package let journal: StageJournal
    /// Those that a step may name, in the order of the file.
    package private(set) var devices: [DeviceActor] = []
    private var appServers: [AppServerActor] = []
    /// The first step that could not be done.
    package private(set) var problem: PlayProblem?
    /// Told when there is a problem.
    var failed: () -> Void = {}
    /// The numbers of faults that have a name.
    var faults: [String: Int] = [:]
    /// When the play began.
    package let began: Instant
    private let witness: (any PlayWitness)?

    /// Brings on the cast; only the devices run.
    ///
    /// - Parameter witness: judges what must hold; nil: nobody does.
    package init(
        _ file: ScenarioFile, driver: any PlayDriver, journal: StageJournal,
        witness: (any PlayWitness)? = nil
    ) {
        self.file = file
        self.driver = driver
        self.journal = journal
        self.witness = witness
        began = driver.clock.now
        journal.witness = witness
        for member in file.cast { bringOn(member) }
    }

    private func bringOn(_ member: CastMember) {
        switch member.role {
        case .device(let plan):
            devices.append(
                DeviceActor(member.name, plan, driver.device(member, plan), on: self))
        case .appServer(let plan):
            appServers.append(
                AppServerActor(member.name, plan, driver.appServer(member, plan), on: self))
        case .external:
            // Comes by itself.
            break
        }
    }

    var clock: any Scheduler { driver.clock }

    package func instant(at time: Duration) -> Instant { began + time }

    func device(_ name: Participant) -> DeviceActor? { devices.first { $0.name == name } }

    /// The token of the one device that sent a message with this ID.
    func token(ofSenderOf id: MessageID) -> RegistrationToken? {
        let senders = devices.filter { $0.hasSent(id) }
        return senders.count == 1 ? senders[0].token : nil
    }

    func appServer(_ name: Participant) -> AppServerActor? { appServers.first { $0.name == name } }

    /// Somebody who is an app server under test, and not there; nil: anybody else.
    func missing(_ name: Participant) -> AwaitedGuest? {
        guard case .external(let plan) = file.member(name)?.role,
            driver.relay.node?.connections(of: name.text).isEmpty ?? true
        else { return nil }
        return AwaitedGuest(name: name, plan: plan, since: clock.now)
    }

    func fail(_ reason: String, at place: SourcePlace, kind: PlayFailure.Kind = .step) {
        guard problem == nil, !file.isByChance else { return }
        problem = PlayProblem(place: place, reason: reason, kind: kind)
        failed()
    }

    /// Carries out what not every driver can.
    func attempt(at place: SourcePlace, _ deed: () throws(CannotBeDone) -> Void) {
        do throws(CannotBeDone) {
            try deed()
        } catch {
            fail(
                "\(error.deed) cannot be done on real sockets; play it in virtual time, and write "
                    + "driver: {virtual-only: …} into the file", at: place)
        }
    }

    // MARK: Deaths

    /// The relay has ended, in order or not.
    ///
    /// - Parameter now: by the relay's clock.
    func relayEnded(now: Instant) {
        journal.forgetCrossings()
        witness?.relayEnded(now: now)
    }

    func deviceDied(_ name: Participant, isGone: (MessageID) -> Bool) {
        witness?.deviceDied(name, isGone: isGone)
    }
}
