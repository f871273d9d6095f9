import Cryptography
import Domain
import Foundation
import Storage
import TestSupport
import Testing

@testable import Provisioning

@Suite("The holds of one iteration")
struct StoredHoldsTests {
    private static let pool = Pool(
        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")
    private static let target = LaunchTarget(workerType: "alpha", market: .spot, pool: pool, subnet: nil)
    private static let failure = ServiceFailure(kind: .noCapacity, code: "c", message: "m")

    private let folder: TemporaryFolder
    private let database: ProvisionerDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
    }

    private func ledger(_ now: Date) throws -> StoredHolds {
        try StoredHolds(database, rules: ProvisioningRules(), now: now)
    }

    @Test(
        "A launch that worked does not end the hold of a pool that refused another one in the same iteration")
    func failureAndSuccess() throws {
        var ledger = try ledger(.start)
        try ledger.fail(Self.target, Self.failure)
        try ledger.ease(Self.target)
        #expect(ledger.active.hold(on: Self.pool, .spot) != nil)
        #expect(try database.holds.all().map(\.failures) == [1])
    }

    @Test("A launch that works in a later iteration ends the hold")
    func laterSuccess() throws {
        var first = try ledger(.start)
        try first.fail(Self.target, Self.failure)
        var second = try ledger(.start.plus(minutes: 1))
        #expect(second.active.hold(on: Self.pool, .spot) != nil)
        try second.ease(Self.target)
        #expect(second.active.hold(on: Self.pool, .spot) == nil)
        #expect(try database.holds.all().map(\.until) == [.start.plus(minutes: 1)])
    }
}
