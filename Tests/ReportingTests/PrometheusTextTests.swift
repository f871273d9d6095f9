import Foundation
import Reporting
import TestSupport
import Testing

@Suite("Prometheus's text format")
struct PrometheusTextTests {
    @Test("describes each metric once, before its values, and escapes labels")
    func rendering() {
        let text = PrometheusText.render([
            Sample(.iterations, 2, ("outcome", "success")), Sample(.failingRegions, 0),
            Sample(.iterations, 1, ("outcome", "a\"b\\c\nd")),
            Sample(.spend, 0.25, ("worker_type", "x")),
        ])
        #expect(
            text == """
                # HELP aws_provisioner_spend_usd_per_hour \(Metric.spend.help)
                # TYPE aws_provisioner_spend_usd_per_hour gauge
                aws_provisioner_spend_usd_per_hour{worker_type="x"} 0.25
                # HELP aws_provisioner_failing_regions \(Metric.failingRegions.help)
                # TYPE aws_provisioner_failing_regions gauge
                aws_provisioner_failing_regions 0
                # HELP aws_provisioner_iterations_total \(Metric.iterations.help)
                # TYPE aws_provisioner_iterations_total counter
                aws_provisioner_iterations_total{outcome="success"} 2
                aws_provisioner_iterations_total{outcome="a\\"b\\\\c\\nd"} 1

                """)
    }

    @Test("writes labels that a terminal can show")
    func hostileLabels() {
        let text = PrometheusText.render([Sample(.iterations, 1, ("outcome", HostileText.text + "\u{1b}"))])
        #expect(HostileText.unsafeScalars(in: text).isEmpty && HostileText.forgedLines(in: text).isEmpty)
        #expect(text.hasSuffix("end\\\\u{1b}\"} 1\n"))
    }

    @Test("writes any number as Prometheus reads it")
    func numbers() {
        func value(_ number: Double) -> String? {
            PrometheusText.render([Sample(.failingRegions, number)]).split(separator: "\n").last?
                .split(separator: " ").last.map(String.init)
        }
        #expect(value(1_795_543_865.775) == "1795543865.775")
        #expect(value(.nan) == "NaN")
        #expect(value(.infinity) == "+Inf")
        #expect(value(-.infinity) == "-Inf")
    }

    @Test("names follow the conventions: one prefix, base units, counters end in _total")
    func names() {
        for metric in Metric.allCases {
            #expect(metric.rawValue.hasPrefix("aws_provisioner_"))
            #expect((metric.kind == .counter) == metric.rawValue.hasSuffix("_total"))
            #expect(!metric.help.contains("\n") && metric.help.hasSuffix("."))
        }
    }

    @Test("The dashboard and the alerts ask for metrics that there are")
    func dashboard() throws {
        let known = Set(Metric.allCases.map(\.rawValue))
        for file in ["grafana-dashboard.json", "prometheus-alerts.yml"] {
            let text = try String(contentsOfFile: Paths.root + "/cron/" + file, encoding: .utf8)
            let used = Set(text.matches(of: /aws_provisioner_[a-z_]+/).map { String($0.output) })
            #expect(used.count >= 6)
            #expect(used.subtracting(known).isEmpty, "\(file)")
        }
    }

    @Test("A metrics file is replaced at once, and every user may read it")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("p.prom")
        try MetricsFile.write("first\n", to: path)
        let reader = try #require(FileHandle(forReadingAtPath: path))
        try MetricsFile.write("second\n", to: path)
        #expect(
            try reader.readToEnd() == Data("first\n".utf8), "an open reader gets the old file to its end"
        )
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "second\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o644)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["p.prom"])
    }

    @Test("A metrics file that cannot be written is reported with its path, and leaves no other file")
    func unwritable() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: MetricsFile.Unwritable.self) {
            try MetricsFile.write("x", to: folder.file("nowhere/p.prom"))
        }
        #expect(error?.description.contains("nowhere/p.prom") == true)
        try FileManager.default.createDirectory(
            atPath: folder.file("p.prom"), withIntermediateDirectories: false)
        #expect(throws: MetricsFile.Unwritable.self) { try MetricsFile.write("x", to: folder.file("p.prom")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["p.prom"])
    }

    @Test("A link in the draft's place or in the file's place does not lead to another file")
    func links() throws {
        let folder = try TemporaryFolder()
        let key = try folder.write("the key", to: "p.sqlite.key")
        let path = folder.file("p.prom")
        for place in [path, "\(path).\(getpid()).draft"] { symlink(key, place) }
        try MetricsFile.write("metrics\n", to: path)
        #expect(try String(contentsOfFile: key, encoding: .utf8) == "the key")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "metrics\n")
    }
}
