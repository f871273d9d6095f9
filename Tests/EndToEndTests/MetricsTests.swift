import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Metrics of a deployment")
struct MetricsTests {
    static let promtool = Paths.root + "/.build/prometheus/usr/bin/promtool"

    private func check(_ text: String) async throws {
        let checked = try await Command.run(Self.promtool, ["check", "metrics"], input: text)
        #expect(checked.status == 0 && checked.errors.isEmpty, "\(checked.errors)")
    }

    @Test("are written by each iteration, failed ones included, and equal those of the status page")
    func iterations() async throws {
        var deployment = try await Deployment()
        let path = deployment.folder.file("provisioner.prom")
        deployment.environment["AWS_PROVISIONER_METRICS_FILE"] = path
        func file() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        try await deployment.apply("alpha", .sample(secrets: ["s": "planted-worker-secret"]))
        try await deployment.setPending(["alpha": 2])
        _ = try await deployment.run("iterate", "--dry-run")
        #expect(!FileManager.default.fileExists(atPath: path), "a dry run changes nothing")
        _ = try await deployment.iterate()
        _ = try await deployment.iterate()
        let text = try file()
        try await check(text)
        for line in [
            "aws_provisioner_pending_tasks{worker_type=\"alpha\"} 2",
            "aws_provisioner_capacity{worker_type=\"alpha\",state=\"booting\"} 2",
            "aws_provisioner_max_capacity{worker_type=\"alpha\"} 100",
            "aws_provisioner_launches_total{worker_type=\"alpha\",market=\"spot\"} 2",
            "aws_provisioner_iterations_total{outcome=\"success\"} 2", "aws_provisioner_failing_regions 0",
            "aws_provisioner_instances{region=\"us-east-1\",state=\"stopped\"} 0",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
        for secret in Deployment.secrets { #expect(!text.contains(secret)) }

        let page = try await deployment.page("/metrics")
        let body = page.output.components(separatedBy: "\r\n\r\n").dropFirst().joined()
        #expect(page.output.contains("Content-Type: text/plain; version=0.0.4"))
        // The cost of the last day grows while instances run.
        func lasting(_ text: String) -> [Substring] {
            text.split(separator: "\n").filter { !$0.hasPrefix("aws_provisioner_day_cost_usd{") }
        }
        #expect(lasting(body) == lasting(text))
        #expect(body.contains("\naws_provisioner_day_cost_usd{worker_type=\"alpha\"} "))

        try await deployment.ec2.control(#"{"fault": {"eu-west-1": {"kind": "error"}}}"#)
        _ = try await deployment.iterate(expecting: 69)
        let failing = try file()
        try await check(failing)
        #expect(failing.contains("aws_provisioner_failing_regions 1\n"))
        #expect(failing.contains("aws_provisioner_failing_calls{asked=\"region\",target=\"eu-west-1\","))
        #expect(failing.contains("aws_provisioner_iterations_total{outcome=\"partial\"} 1\n"))

        try await deployment.ec2.control(#"{"fault": {}}"#)
        #expect(try await deployment.run("worker-type", "remove", "alpha").status == 0)
        _ = try await deployment.iterate()
        let ended = try file()
        try await check(ended)
        #expect(
            ended.contains(
                "aws_provisioner_terminations_total{worker_type=\"alpha\",reason=\"worker type removed\"} 2\n"
            ))
        #expect(!ended.contains("aws_provisioner_max_capacity"), "what is gone has no bounds")
    }

    @Test("contain the headroom and the anticipation of worker types with these settings")
    func demand() async throws {
        var deployment = try await Deployment()
        let path = deployment.folder.file("provisioner.prom")
        deployment.environment["AWS_PROVISIONER_METRICS_FILE"] = path
        deployment.environment["AWS_PROVISIONER_HEADROOM"] = "alpha=3"
        deployment.environment["AWS_PROVISIONER_ANTICIPATION"] = "alpha=2"
        for name in ["alpha", "beta"] { try await deployment.apply(name, .sample()) }
        try await deployment.setPending(["alpha": 1, "beta": 1])
        _ = try await deployment.iterate()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try await check(text)
        #expect(text.contains("aws_provisioner_headroom{worker_type=\"alpha\"} 3\n"))
        #expect(text.contains("aws_provisioner_anticipated_capacity{worker_type=\"alpha\"} "))
        #expect(!text.contains("headroom{worker_type=\"beta\"}"))
    }

    @Test("that cannot be written are reported, and do not fail the iteration")
    func unwritable() async throws {
        var deployment = try await Deployment()
        deployment.environment["AWS_PROVISIONER_METRICS_FILE"] = "/nowhere/p.prom"
        let ended = try await deployment.run("iterate")
        #expect(ended.status == 0)
        #expect(ended.errors.contains("/nowhere/p.prom cannot be written"))
    }

    @Test("The queries of the dashboard and the alerts are valid PromQL, and every panel has one")
    func queries() async throws {
        let folder = try TemporaryFolder()
        let data = try #require(
            FileManager.default.contents(atPath: Paths.root + "/cron/grafana-dashboard.json"))
        let dashboard = try JSONValue(parsing: data).objectValue ?? [:]
        let panels = dashboard.list("panels")
        #expect(panels.count > 10)
        #expect(Set(panels.compactMap { $0.number("id") }).count == panels.count)
        let queries = panels.flatMap { panel in
            let targets = panel.list("targets")
            #expect(!targets.isEmpty, "\(panel.text("title") ?? "")")
            return targets.compactMap { $0.text("expr") }
        }
        let rules: JSONValue = [
            "groups": [
                [
                    "name": "dashboard",
                    "rules": .array(
                        queries.enumerated().map { index, query in
                            let plain = query.replacing("$__rate_interval", with: "5m")
                            return ["record": .string("query_\(index)"), "expr": .string(plain)]
                        }),
                ]
            ]
        ]
        // JSON is valid YAML.
        let file = try folder.write(
            String(decoding: try rules.serialized(), as: UTF8.self), to: "rules.yml")
        for file in [file, Paths.root + "/cron/prometheus-alerts.yml"] {
            let checked = try await Command.run(Self.promtool, ["check", "rules", file])
            #expect(checked.status == 0, "\(checked.output) \(checked.errors)")
        }
    }

    @Test("The status page needs no key, reports wrong settings, and accepts a closed pipe")
    func program() async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(secrets: ["s": "planted-worker-secret"]))
        _ = try await deployment.iterate()
        try FileManager.default.removeItem(atPath: deployment.folder.file("provisioner.sqlite.key"))
        for path in ["/", "/worker-type/alpha", "/metrics"] {
            let page = try await deployment.page(path)
            #expect(page.output.hasPrefix("Status: 200 OK\r\n"), "\(page.errors)")
            for secret in Deployment.secrets { #expect(!page.output.contains(secret)) }
        }
        let closed = try await Command.run(
            "/bin/sh", ["-c", "exec \(Paths.status) >&-"],
            environment: deployment.cgiEnvironment.merging(["PATH_INFO": "/"]) { $1 })
        #expect(closed.status == 0 && !closed.wasKilled)
        deployment.environment["AWS_PROVISIONER_MAX_BID"] = "lots"
        let wrong = try await deployment.page("/")
        #expect(wrong.output.hasPrefix("Status: 500"))
        #expect(wrong.errors.contains("AWS_PROVISIONER_MAX_BID") && !wrong.output.contains("MAX_BID"))
        deployment.environment["AWS_PROVISIONER_MAX_BID"] = nil
        deployment.environment["AWS_PROVISIONER_DATABASE"] = "/nowhere/p.sqlite"
        #expect(try await deployment.page("/").output.hasPrefix("Status: 503"))
    }

    @Test("The database of a demonstration can be kept, and never replaces another")
    func keptDemonstration() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("demo.sqlite")
        let kept = try await Command.run(Paths.provisioner, ["demo", "--minutes", "3", "--database", path])
        #expect(kept.status == 0, "\(kept.errors)")
        #expect(kept.output.contains("\n  aws-provisioner explain build-linux --database "))
        let again = try await Command.run(Paths.provisioner, ["demo", "--minutes", "3", "--database", path])
        #expect(again.status == 73)
        #expect(again.errors.contains("is there already"))
        let status = try await Command.run(
            Paths.provisioner, ["status", "--database", path, "--json"])
        let report = try JSONValue(parsing: Data(status.output.utf8)).objectValue ?? [:]
        #expect(report.list("workerTypes").count == 3)
        let iterations = report.list("iterations")
        #expect(iterations.count == 3)
        #expect(
            iterations.allSatisfy { ($0.text("finishedAt") ?? "") > ($0.text("startedAt") ?? "~") },
            "each took some time")
    }
}
