import Configuration
import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Files of the settings")
struct SettingsFileTests {
    @Test("refuse a metrics file that node_exporter does not read")
    func metricsFile() {
        let error = #expect(throws: Settings.Problems.self) {
            try Settings(file: ["metricsFile": "/var/lib/metrics.txt"], environment: [:])
        }
        #expect(error?.description.contains("must end in .prom") == true)
    }

    @Test("refuse a document that is not an object, and trailing commas with line and column")
    func documents() throws {
        let folder = try TemporaryFolder()
        for (text, message) in [
            ("[]", "is an array: a JSON object is required"),
            ("{\n\"maxBid\": 1,\n}", "line 3, column 1: "),
        ] {
            let path = try folder.write(text, to: "config.json")
            let error = #expect(throws: Settings.Problems.self) {
                try Settings.load(path: path, environment: [:])
            }
            #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        }
    }

    @Test("name the file that cannot be read")
    func files() throws {
        let folder = try TemporaryFolder()
        let broken = try folder.write("{", to: "broken.json")
        for path in [broken, folder.file("missing.json")] {
            let error = #expect(throws: Settings.Problems.self) {
                try Settings.load(path: path, environment: [:])
            }
            #expect(error?.description.contains(path) == true)
        }
        let good = try folder.write("{\"provisionerId\": \"x\"}", to: "good.json")
        #expect(
            try Settings.load(path: nil, environment: ["AWS_PROVISIONER_CONFIG": good]).provisionerId == "x")
    }

    @Test("are documented in the guide's table as they are declared")
    func documentation() throws {
        let article = Paths.root + "/Sources/Commands/Commands.docc/Settings.md"
        let guide = try String(contentsOfFile: article, encoding: .utf8)
        let rows = guide.split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows == Setting.table.split(separator: "\n"), "put Setting.table into Settings.md")
    }
}
