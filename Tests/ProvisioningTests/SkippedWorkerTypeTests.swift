import Domain
import Formats
import Foundation
import GRDB
import Provisioning
import Storage
import TestSupport
import Testing

@Suite("A worker type that an iteration skips")
struct SkippedWorkerTypeTests {
    /// Launches an instance of two worker types, and replaces the stored definition of `alpha`.
    private func harness(definition text: String) async throws -> Harness {
        let harness = try Harness(
            queue: TestQueue(["alpha": 1, "beta": 1]),
            workerTypes: ["alpha": .sample(), "beta": .sample()])
        try await harness.iterate(0)
        #expect(harness.ec2.live.count == 2)
        try await DatabaseQueue(path: harness.database.path).write { db in
            try db.execute(
                sql: "UPDATE worker_types SET definition = ? WHERE name = 'alpha'", arguments: [text])
        }
        harness.queue.set("alpha", 5)
        harness.queue.set("beta", 3)
        return harness
    }

    private func check(_ harness: Harness, code: String) async throws {
        let report = try await harness.iterate(1)
        #expect(report.failures.map(\.subject) == [CallSubject(.workerType, "alpha")])
        #expect(report.failures.map(\.failure.code) == [code])
        #expect(report.outcome == .partial)
        #expect(report.terminated.isEmpty && report.cancelled.isEmpty)
        #expect(report.decisions.map(\.workerType) == ["beta"])
        #expect(report.count(.launched) == 2)
        #expect(harness.ec2.live.count == 4)
        #expect(try harness.database.regions.failures().map(\.subject) == [CallSubject(.workerType, "alpha")])
    }

    @Test("An unreadable worker type keeps its instances, and other worker types continue")
    func unreadable() async throws {
        try await check(try await harness(definition: HostileJSON.nested(490)), code: "unreadable")
    }

    @Test("A stored worker type with too many pools is skipped")
    func tooLarge() async throws {
        let old = WorkerTypeDefinition.sample(
            types: (0..<300).map { ("c\($0).large", 1, 1) }, regions: (0..<300).map { "r-\($0)" })
        let text = String(decoding: try old.json.serialized(), as: UTF8.self)
        try await check(try await harness(definition: text), code: "tooLarge")
    }
}
