import Foundation
import RealPrograms
import Testing

@Suite("/metrics is what Prometheus reads", .serialized)
struct MetricsTests {
    @Test("Each family has one help, one type and its samples, in this order, by strict rules")
    func strict() async throws {
        try await Office.open { office in
            try await office.send(messages: ["a"])
            let answer = try await office.get("/metrics")
            #expect(
                answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.body.hasSuffix("\n") && !answer.body.contains("\n\n"))
            var seen: Set<String> = []
            let lines = answer.body.split(separator: "\n").map(String.init)
            #expect(lines.count.isMultiple(of: 3))
            for start in stride(from: 0, to: lines.count - 2, by: 3) {
                let help = try #require(
                    lines[start].wholeMatch(of: #/# HELP ([a-z][a-z0-9_]*) \S.*/#),
                    "\(lines[start])")
                let type = try #require(
                    lines[start + 1].wholeMatch(of: #/# TYPE ([a-z][a-z0-9_]*) (counter|gauge)/#))
                let sample = try #require(
                    lines[start + 2].wholeMatch(of: #/([a-z][a-z0-9_]*) (\d+)/#))
                #expect(help.1 == type.1 && type.1 == sample.1)
                #expect(seen.insert(String(help.1)).inserted, "\(help.1) is there twice")
                #expect(type.1.hasSuffix("_total") == (type.2 == "counter"), "\(type.1)")
                #expect(Int(sample.2) != nil)
            }
            #expect(seen.contains("gcm_relay_accepted_total"))
            #expect(answer.body.contains("\ngcm_relay_accepted_total 1\n"))
        }
    }
}
