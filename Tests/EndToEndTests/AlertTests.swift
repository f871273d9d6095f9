import Formats
import Foundation
import TestSupport
import Testing

@Suite("The alert rules")
struct AlertTests {
    /// The metrics of a worker type with five pending tasks and no capacity.
    private static let waiting = [
        #"aws_provisioner_pending_tasks{worker_type="alpha"}"#: "5x90",
        #"aws_provisioner_capacity{worker_type="alpha",state="running"}"#: "0x90",
        #"aws_provisioner_capacity{worker_type="alpha",state="booting"}"#: "0x90",
        #"aws_provisioner_max_capacity{worker_type="alpha"}"#: "100x90",
        #"aws_provisioner_worker_type_paused{worker_type="alpha"}"#: "0x90",
    ]

    /// The alerts that promtool finds after 80 minutes.
    private func alerts(named alert: String, _ metrics: [String: String]) async throws -> Bool {
        let folder = try TemporaryFolder()
        let tests: JSONValue = [
            "rule_files": [.string(Paths.root + "/cron/prometheus-alerts.yml")],
            "tests": [
                [
                    "interval": "1m",
                    "input_series": .array(
                        metrics.map { ["series": .string($0.key), "values": .string($0.value)] }),
                    "alert_rule_test": [
                        ["eval_time": "80m", "alertname": .string(alert), "exp_alerts": []]
                    ],
                ]
            ],
        ]
        // JSON is valid YAML.
        let file = try folder.write(
            String(decoding: try tests.serialized(), as: UTF8.self), to: "tests.yml")
        let tested = try await Command.run(MetricsTests.promtool, ["test", "rules", file])
        let isUnexpected = tested.output.contains("got:[") || tested.errors.contains("got:[")
        #expect(isUnexpected == (tested.status != 0), "\(tested.output) \(tested.errors)")
        return isUnexpected
    }

    @Test("report waiting tasks, except those of worker types that are paused, or whose maxCapacity is 0")
    func waiting() async throws {
        #expect(try await alerts(named: "ProvisionerTasksWait", Self.waiting))
        for (metric, value) in [
            (#"aws_provisioner_worker_type_paused{worker_type="alpha"}"#, "1x90"),
            (#"aws_provisioner_max_capacity{worker_type="alpha"}"#, "0x90"),
            (#"aws_provisioner_capacity{worker_type="alpha",state="booting"}"#, "1x90"),
        ] {
            let metrics = Self.waiting.merging([metric: value]) { $1 }
            #expect(try await !alerts(named: "ProvisionerTasksWait", metrics), "\(metric)")
        }
    }

    @Test("report worker types at their maxCapacity, except those whose maxCapacity is 0")
    func full() async throws {
        for (maximum, isReported) in [("2x90", true), ("3x90", false), ("0x90", false)] {
            let metrics = Self.waiting.merging([
                #"aws_provisioner_capacity{worker_type="alpha",state="running"}"#: maximum == "0x90"
                    ? "0x90" : "2x90",
                #"aws_provisioner_max_capacity{worker_type="alpha"}"#: maximum,
            ]) { $1 }
            #expect(try await alerts(named: "ProvisionerAtMaxCapacity", metrics) == isReported)
        }
    }
}
