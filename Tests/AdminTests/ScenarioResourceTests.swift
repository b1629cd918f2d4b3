import RealPrograms
import Testing

@testable import Admin

@Suite("Scenarios over HTTP", .serialized)
struct ScenarioResourceTests {
    private func scenario(times: Int = 1, shop: String = "role: app-server", end: String = "5s")
        -> String
    {
        """
        scenario: a message arrives
        about: what is sent comes
        ends: {after: \(end)}
        cast:
          phone: {role: device, sender-id: "4711"}
          shop: {\(shop), sender-id: "4711"}
        steps:
          - shop: connects
          - phone: goes-online
          - phone: {sends: {id: m-1, data: {k: v}}}
        expect:
          - shop: {receives: m-1, times: \(times)}

        """
    }

    @Test("One is put there, listed, read, played twice alike, and replaced")
    func life() async throws {
        try await Office.open { office in
            let path = "/v1/scenarios/arrival"
            #expect(try await office.send("PUT", path, scenario()).status == 201)
            let list = try await office.get("/v1/scenarios").list("scenarios")
            #expect(list.map { $0["name"] as? String } == ["arrival"])
            #expect(list.first?["scenario"] as? String == "a message arrives")
            #expect(try await office.get(path).json["text"] as? String == scenario())
            var events: [Int?] = []
            for _ in 1...2 {
                let report = try await office.send("POST", path + "/run", #"{"seed":9}"#)
                #expect(report.status == 200, "\(report.body)")
                #expect(try report.json["good"] as? Bool == true)
                #expect(try report.json["seed"] as? Int == 9)
                events.append(try report.json["events"] as? Int)
            }
            #expect(events[0] == events[1] && events[0] ?? 0 > 10)
            #expect(try await office.send("PUT", path, scenario(times: 2)).status == 200)
            let wrong = try await office.send("POST", path + "/run")
            #expect(try wrong.json["good"] as? Bool == false)
            let expectation = try #require(try wrong.list("expectations").first)
            #expect(expectation["met"] as? Bool == false, "\(wrong.body)")
        }
    }

    @Test("The relay serves while a scenario is played, and another one waits")
    func oneAtATime() async throws {
        try await Office.open { office in
            // A day in which every ACK is left out.
            let text = scenario(shop: "role: app-server, ack: never", end: "24h")
            #expect(try await office.send("PUT", "/v1/scenarios/day", text).status == 201)
            async let first = office.send("POST", "/v1/scenarios/day/run")
            async let second = office.send("POST", "/v1/scenarios/day/run")
            async let readiness = office.get("/readyz")
            let statuses = try await [first.status, second.status]
            // Both were played if the first was over before the second began.
            #expect(statuses.contains(200) && statuses.allSatisfy { [200, 409].contains($0) })
            #expect(try await readiness.status == 200)
        }
    }

    /// Why a scenario is not taken.
    private func refusal(
        of text: String, as name: String = "a", by office: Office
    ) async throws -> String {
        let answer = try await office.send("PUT", "/v1/scenarios/\(name)", text)
        #expect(answer.status == 400, "\(answer.body)")
        return try #require(try answer.error["message"])
    }

    @Test("What does not parse, is too big or is for the live driver is refused with the reason")
    func refusals() async throws {
        try await Office.open { office in
            let typo = scenario().replacing("connects", with: "conects")
            let big = scenario() + String(repeating: "#", count: ScenarioShelf.fileBytes)
            let reasons = [
                try await refusal(of: typo, by: office),
                try await refusal(of: scenario(end: "25h"), by: office),
                try await refusal(of: scenario(), as: "a%20b", by: office),
                try await refusal(of: big, by: office),
            ]
            for (reason, word) in zip(reasons, ["a:8:", "24h", "name", "bytes"]) {
                #expect(reason.contains(word))
            }
            #expect(try await office.get("/v1/scenarios/none").status == 404)
            #expect(try await office.send("POST", "/v1/scenarios/none/run").status == 404)
            let external = scenario(shop: "role: external")
            #expect(try await office.send("PUT", "/v1/scenarios/live", external).status == 201)
            #expect(try await office.send("POST", "/v1/scenarios/live/run").status == 409)
        }
    }
}
