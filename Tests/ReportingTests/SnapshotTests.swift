import Cryptography
import Domain
import Foundation
import Reporting
import Storage
import TestSupport
import Testing

@Suite("A snapshot of the database")
struct SnapshotTests {
    private static let now = Date.start.plus(minutes: 60)

    private let folder: TemporaryFolder
    private let writer: ProvisionerDatabase
    private let reader: ProvisionerDatabase

    init() throws {
        folder = try TemporaryFolder()
        let path = folder.file("p.sqlite")
        writer = try ProvisionerDatabase(path: path, key: try EncryptionKey(), create: true)
        reader = try ProvisionerDatabase(path: path, key: nil, readOnly: true)
        _ = try writer.workerTypes.create("alpha", .sample(), by: .program, now: .start)
    }

    /// Begins an iteration, then stores a failure whose code is the iteration's number.
    @discardableResult
    private static func write(to database: ProvisionerDatabase) throws -> Int64 {
        let id = try database.iterations.begin(dryRun: false, now: now)
        let failure = ServiceFailure(kind: .throttled, code: "\(id)", message: "m")
        try database.regions.setFailures([CallSubject(.region, "us-east-1"): failure], now: now)
        return id
    }

    @Test("has the same rows in all stores while another process writes")
    func isolation() throws {
        let first = try Self.write(to: writer)
        let (before, second, after) = try reader.snapshot {
            let before = try Overview(reader, now: Self.now)
            let second = try Self.write(to: writer)
            return (before, second, try Overview(reader, now: Self.now))
        }
        #expect(before.iterations.map(\.id) == [first])
        #expect(after.iterations.map(\.id) == [first])
        #expect(after.failures.map(\.code) == ["\(first)"])
        #expect(try Overview(reader, now: Self.now).failures.map(\.code) == ["\(second)"])
    }

    @Test("passes on the errors of its body with their type, and the database stays usable")
    func errors() throws {
        #expect(throws: CocoaError.self) { try reader.snapshot { throw CocoaError(.fileNoSuchFile) } }
        #expect(try reader.snapshot { try reader.workerTypes.names() } == ["alpha"])
    }

    @Test("is what the overview and the worker type's detail are read from")
    func consistency() throws {
        let writer = writer
        // A thread of its own: a task that blocks takes a thread of other tests.
        let thread = Thread { for _ in 0..<Self.rounds { _ = try? Self.write(to: writer) } }
        thread.start()
        let ownership = Ownership(provisionerId: "p", keyPrefix: "p:")
        while !thread.isFinished {
            let overview = try Overview(reader, now: Self.now)
            let id = overview.iterations.first?.id ?? 0
            let failure = overview.failures.first.flatMap { Int64($0.code) } ?? 0
            #expect(failure == id || failure == id - 1, "iteration \(id), failure of \(failure)")
            let detail = try WorkerTypeDetail(
                "alpha", in: reader, ownership: ownership, rules: ProvisioningRules(), window: 3600,
                now: Self.now)
            #expect(detail?.line.type.name == "alpha")
        }
        #expect(try Overview(reader, now: Self.now).iterations.first?.id == Int64(Self.rounds))
    }

    private static let rounds = 50
}
