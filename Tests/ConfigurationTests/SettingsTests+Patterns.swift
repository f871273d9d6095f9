import Configuration
import Domain
import Formats
import Foundation
import TestSupport
import Testing

/// Settings for worker types by name or pattern.
extension SettingsTests {
    @Test("may anticipate the demand of single worker types")
    func anticipation() throws {
        let settings = try Settings(
            file: ["anticipation": ["build-*": 18, "build-mac": 0.5]], environment: [:])
        #expect(settings.rules.anticipation(of: "build-linux") == 18)
        #expect(settings.rules.anticipation(of: "build-mac") == 0.5)
        #expect(settings.rules.anticipation(of: "signing") == 0)
        for value: JSONValue in [-1, 1001, "nan", "much", ["of": 1]] {
            let found = problems(["anticipation": ["build-*": value]])
            #expect(found.count == 1 && found.allSatisfy { $0.contains("to build-*") }, "\(value)")
        }
    }

    @Test("may differ by worker type: its exact name wins, then the longest pattern")
    func byWorkerType() throws {
        let settings = try Settings(
            file: [
                "strategy": "diversified", "idleExponent": 0, "taskTimes": ["build-*": "2h", "signing": 60],
            ],
            environment: [
                "AWS_PROVISIONER_STRATEGIES":
                    "build-*=risk-adjusted, build-mac-*=random-zone,build-mac-1 = least-cost,*=cheapest-pool"
            ])
        #expect(settings.rules.strategy == .diversified)
        #expect(settings.rules.idleExponent == 0 && ProvisioningRules().idleExponent == 0.2)
        #expect(settings.rules.strategy(of: "build-linux") == .riskAdjusted)
        #expect(settings.rules.strategy(of: "build-mac-2") == .randomZone)
        #expect(settings.rules.strategy(of: "build-mac-1") == .leastCost)
        #expect(settings.rules.strategy(of: "test") == .cheapestPool)
        #expect(settings.rules.taskTime(of: "build-linux") == 7200)
        #expect(settings.rules.taskTime(of: "signing") == 60)
        #expect(settings.rules.taskTime(of: "test") == 1800)
        let platforms = try Settings(
            file: ["platforms": ["win-*": "windows", "win-rhel": "rhel"]], environment: [:]
        ).rules.platforms
        #expect(platforms["win-1"] == .windows && platforms["win-rhel"] == .redHat)
        #expect(platforms["linux"] == nil)
        #expect(settings.rules.anticipation(of: "test") == 0)
    }

    @Test(
        "by worker type that are wrong are reported with the pattern",
        arguments: [
            ("AWS_PROVISIONER_STRATEGIES", "a=cheap", "a"), ("AWS_PROVISIONER_STRATEGIES", "alpha", "alpha"),
            ("AWS_PROVISIONER_STRATEGIES", "a*b=diversified", "star"),
            ("AWS_PROVISIONER_STRATEGIES", "=diversified", "name"),
            ("AWS_PROVISIONER_STRATEGIES", "a=diversified,a=least-cost", "twice"),
            ("AWS_PROVISIONER_TASK_TIMES", "a=soon", "duration"),
            ("AWS_PROVISIONER_SUBNETS", "a=vpc-1", "subnet-0a1"),
            ("AWS_PROVISIONER_PLATFORMS", "a=macos", "linux, windows, rhel, suse"),
        ])
    func wrongByWorkerType(variable: String, value: String, message: String) {
        let found = problems([:], [variable: value])
        #expect(found.count == 1)
        #expect(found.first?.contains(variable) == true && found.first?.contains(message) == true)
        #expect(problems(["strategies": ["a"], "taskTimes": ["b": true]]).count == 2)
    }
}
