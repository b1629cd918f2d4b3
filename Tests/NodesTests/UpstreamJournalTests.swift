import CloudMessaging
import Journal
import Nodes
import Testing

@Suite("The journal of a message on its way up")
struct UpstreamJournalTests {
    private static let parcel = DataPayload([("parcel", "17")])

    @Test("Each step has its line, and each line its cause")
    func everyStep() throws {
        let world = try World()
        let phone = try world.phone()
        let shop = world.shop()
        world.run(for: .seconds(1))
        phone.send("m-17", data: Self.parcel)
        world.run(for: .seconds(2))
        withExtendedLifetime((phone, shop)) {}
        #expect(world.events(.appServerReceived).count == 1)
    }
}
