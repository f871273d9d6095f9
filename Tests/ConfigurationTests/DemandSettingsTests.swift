import Domain
import Formats
import Testing

@testable import Configuration

@Suite("Settings of demand")
struct DemandSettingsTests {
    private func rules(_ file: JSONObject) throws -> ProvisioningRules {
        try Settings(file: file, environment: [:]).rules
    }

    @Test("Anticipation is a number of intervals for single worker types")
    func anticipation() throws {
        let rules = try rules(["anticipation": ["build-*": 18, "build-mac": 0.5]])
        #expect(rules.anticipation(of: "build-linux") == 18)
        #expect(rules.anticipation(of: "build-mac") == 0.5)
        #expect(rules.anticipation(of: "signing") == 0)
    }

    @Test("Another value is refused", arguments: [-1, 1001, "nan", "much", ["of": 1]] as [JSONValue])
    func invalidAnticipation(value: JSONValue) {
        let problems = #expect(throws: Settings.Problems.self) {
            try rules(["anticipation": ["build-*": value]])
        }
        #expect(problems?.problems.count == 1)
    }

    @Test("Headroom is a number of tasks or a share for single worker types")
    func headroom() throws {
        let headrooms = try rules(["headroom": ["build-*": "10%", "signing": 2]]).headrooms
        #expect(headrooms["build-linux"] == .share(0.1))
        #expect(headrooms["signing"] == .tasks(2))
        #expect(headrooms["test"] == nil)
        #expect(throws: Settings.Problems.self) { try rules(["headroom": ["signing": "much"]]) }
    }
}
