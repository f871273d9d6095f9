import Domain
import Formats
import Foundation
import GRDB
import Simulation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Provisioning

@Suite("A dry run")
struct DryRunTests {
    /// Every row of every table.
    private func content(of database: ProvisionerDatabase) throws -> [String] {
        try DatabaseQueue(path: database.path).read { db in
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            return try tables.flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"").map { "\(table) \($0)" }.sorted()
            }
        }
    }

    @Test("It changes neither EC2 nor the database, with work of every kind")
    func changesNothing() async throws {
        let calls = Mutex<[String]>([])
        let fault = Mutex<String?>(nil)
        let ec2 = try TestEC2(before: { call in
            calls.withLock { $0.append(call) }
            if let text = fault.withLock({ $0 }), call.hasPrefix(text) {
                throw ServiceFailure(kind: .unreachable, code: "cut", message: "cut off")
            }
        })
        var harness = try Harness(
            ec2: ec2, queue: TestQueue(["alpha": 2, "beta": 1, "gamma": 1]),
            workerTypes: ["alpha": .sample(), "beta": .sample(), "gamma": .sample()])
        harness.deployment.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== comment"
        try await harness.iterate(0)
        // A launch to repeat, orphans to terminate, an interruption to record.
        fault.withLock { $0 = "launch gamma" }
        harness.queue.set("gamma", 3)
        let cut = try await harness.iterate(1)
        #expect(cut.count(.unanswered) > 0)
        fault.withLock { $0 = nil }
        try harness.database.workerTypes.remove("beta", by: .program, now: .start.plus(minutes: 1))
        let victim = try #require(ec2.live.first { $0.tags["WorkerType"] == "p/alpha" }).id
        ec2.change { ec2, now in
            ec2.terminate([victim], reason: "Server.SpotInstanceTermination", now: now)
        }
        harness.queue.set("alpha", 4)

        let before = try content(of: harness.database)
        let live = ec2.live
        calls.withLock { $0 = [] }
        let report = try await harness.iterate(10, dryRun: true)

        #expect(report.count(.planned) > 0)
        #expect(report.terminated.map(\.reason) == [.workerTypeRemoved])
        #expect(try content(of: harness.database) == before)
        #expect(ec2.live.map(\.id) == live.map(\.id))
        let reads = ["regionState", "spotPrices", "instances"]
        let changes = calls.withLock { $0 }.filter { call in
            !reads.contains { call.hasPrefix($0 + " ") }
        }
        #expect(changes == [])
        #expect(calls.withLock { $0.contains { $0.hasPrefix("spotPrices") } })

        // The iteration that follows does what the dry run announced.
        let real = try await harness.iterate(10)
        #expect(real.count(.launched) == report.count(.planned))
        #expect(real.terminated.map(\.id) == report.terminated.map(\.id))
        #expect(real.id == report.id)
    }

    @Test("It decides by fetched prices, and does not store them")
    func prices() async throws {
        let harness = try Harness(queue: TestQueue(["alpha": 1]), workerTypes: ["alpha": .sample()])
        let report = try await harness.iterate(0, dryRun: true)
        #expect(report.count(.planned) == 1)
        #expect(try harness.database.prices.all() == [])
        #expect(try harness.database.prices.fetches().isEmpty)
    }
}
