import RealPrograms

@main
struct Demo {
    static func main() async throws {
        let state = try TemporaryDirectory()
        let relay = try await RelayProgram(in: state)
        print(relay.endpoints)
        print(try await relay.metrics())
        try await relay.kill9()
        let second = try await relay.restarted()
        print(second.endpoints)
        second.program.send(15)
        print(try await second.program.exitStatus())
    }
}
