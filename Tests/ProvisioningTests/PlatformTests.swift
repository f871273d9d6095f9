import Domain
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("The platforms of an iteration")
final class PlatformTests: Sendable {
    private static let image = "ami-12c6146b"
    private static let definition = WorkerTypeDefinition.sample(
        minCapacity: 1, types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)])

    /// The calls that concern images.
    private let calls = Mutex<[String]>([])

    /// On Windows m5.xlarge is the cheapest, on Linux c5.xlarge.
    private func harness(
        _ details: String?, failing: @escaping @Sendable () -> ServiceFailure? = { nil },
        names: [String] = ["alpha"]
    ) throws -> Harness {
        let ec2 = try TestEC2(before: { [self] call in
            guard call.hasPrefix("images") else { return }
            calls.withLock { $0.append(call) }
            if let failure = failing() { throw failure }
        })
        ec2.platformDetails.withLock { $0 = [Self.image: details] }
        ec2.priceFactors.withLock { $0[.windows] = ["c5.xlarge": 3, "m5.xlarge": 2] }
        return try Harness(
            ec2: ec2, queue: TestQueue([:]),
            workerTypes: Dictionary(
                names.map { ($0, Self.definition) }, uniquingKeysWith: { first, _ in first }))
    }

    private func bought(_ report: IterationReport) -> [String] {
        report.bids.map { "\($0.bid.pool.instanceType) \($0.bid.platform.rawValue)" }
    }

    @Test("The image of a worker type determines its prices, and is read once for all worker types")
    func image() async throws {
        let harness = try harness("Windows", names: ["alpha", "beta"])
        let report = try await harness.iterate(0)
        #expect(bought(report) == ["m5.xlarge windows", "m5.xlarge windows"])
        #expect(report.warnings.isEmpty && report.outcome == .success)
        for minute in 1...30 { try await harness.iterate(Double(minute)) }
        #expect(calls.withLock { $0 } == ["images us-east-1 \(Self.image)"])
        #expect(try harness.database.launches.open().map(\.platform) == [.windows, .windows])
        #expect(Set(try harness.database.prices.all().map(\.platform)) == [.windows])
    }

    @Test("An image of Linux/UNIX is bought by the prices of Linux/UNIX")
    func linux() async throws {
        let report = try await harness("Linux/UNIX").iterate(0)
        #expect(bought(report) == ["c5.xlarge linux"])
        #expect(report.warnings.isEmpty)
    }

    @Test("The setting takes precedence, and the image is not read")
    func setting() async throws {
        var harness = try harness(nil, names: ["alpha", "win-1"])
        harness.deployment.rules.platforms = ["*": .linux, "win-*": .windows]
        let report = try await harness.iterate(0)
        #expect(bought(report).sorted() == ["c5.xlarge linux", "m5.xlarge windows"])
        #expect(report.warnings.isEmpty)
        #expect(calls.withLock { $0.isEmpty })
    }

    @Test("Prices of a platform that comes into use are fetched before the others are outdated")
    func newPlatform() async throws {
        var harness = try harness("Linux/UNIX", names: ["alpha", "win-1"])
        try await harness.iterate(0)
        harness.deployment.rules.platforms = ["win-*": .windows]
        try await harness.iterate(1)
        #expect(Set(try harness.database.prices.all().map(\.platform)) == [.linux, .windows])
    }

    @Test(
        "An image that EC2 does not describe counts as Linux/UNIX with a warning, and is read again after 5 minutes"
    )
    func unknown() async throws {
        let harness = try harness(nil)
        let report = try await harness.iterate(0)
        #expect(bought(report) == ["c5.xlarge linux"])
        #expect(report.outcome == .success)
        #expect(report.warnings.count == 1)
        #expect(
            report.warnings.first?.hasPrefix("us-east-1: EC2 does not describe the image \(Self.image)")
                == true)
        #expect(try await harness.iterate(4).warnings == report.warnings)
        #expect(calls.withLock { $0.count } == 1)
        harness.ec2.platformDetails.withLock { $0 = [Self.image: "Windows"] }
        #expect(try await harness.iterate(5).warnings.isEmpty)
        #expect(calls.withLock { $0.count } == 2)
        #expect(try harness.database.images.all().platform(of: Self.image, in: "us-east-1") == .windows)
    }

    @Test(
        "A failed call is a warning, not a failed call of the iteration",
        arguments: [
            (ServiceFailure(kind: .unauthorized, code: "UnauthorizedOperation", message: "no"), 1),
            (ServiceFailure(kind: .throttled, code: "RequestLimitExceeded", message: "slow"), 2),
        ])
    func failure(failure: ServiceFailure, callsInTwoIterations: Int) async throws {
        let isFailing = Mutex(true)
        let harness = try harness("Windows", failing: { isFailing.withLock { $0 } ? failure : nil })
        let report = try await harness.iterate(0)
        #expect(bought(report) == ["c5.xlarge linux"])
        #expect(report.outcome == .success && report.failures.isEmpty)
        #expect(report.warnings.first?.contains("could not be described (\(failure))") == true)
        try await harness.iterate(1)
        #expect(calls.withLock { $0.count } == callsInTwoIterations)
        isFailing.withLock { $0 = false }
        #expect(try await harness.iterate(6).warnings.isEmpty)
    }

    @Test("A known platform stays while the image cannot be read again")
    func lastKnown() async throws {
        let isFailing = Mutex(false)
        let harness = try harness(
            "Windows",
            failing: {
                isFailing.withLock { $0 }
                    ? ServiceFailure(kind: .unreachable, code: "timeout", message: "no response") : nil
            })
        try await harness.iterate(0)
        isFailing.withLock { $0 = true }
        let report = try await harness.iterate(16 * 1440)
        #expect(calls.withLock { $0.count } == 2, "the description is old enough to be read again")
        #expect(report.warnings.isEmpty)
        #expect(try harness.database.images.all().platform(of: Self.image, in: "us-east-1") == .windows)
    }

    @Test("A platform without a spot price history has a warning that names it")
    func withoutPrices() async throws {
        let report = try await harness("Windows with SQL Server Web").iterate(0)
        #expect(bought(report) == ["m5.xlarge windows"])
        #expect(
            report.warnings.first?.contains(
                "is Windows with SQL Server Web, which has no spot prices of its own")
                == true)
    }

    @Test("A dry run stores no image")
    func dryRun() async throws {
        let harness = try harness("Windows")
        #expect(bought(try await harness.iterate(0, dryRun: true)) == ["m5.xlarge windows"])
        #expect(try harness.database.images.all().image(Self.image, in: "us-east-1") == nil)
    }

    @Test("An image that no worker type uses is removed after a month")
    func purged() async throws {
        let harness = try harness("Windows")
        try harness.database.images.save([
            KnownImage(
                region: "us-east-1", id: "ami-old", details: PlatformDetails("Windows"), readAt: .start,
                nextRead: .start.plus(minutes: 1))
        ])
        try await harness.iterate(29 * 1440)
        #expect(try harness.database.images.all().image("ami-old", in: "us-east-1") != nil)
        try await harness.iterate(31 * 1440)
        let images = try harness.database.images.all()
        #expect(images.image("ami-old", in: "us-east-1") == nil)
        #expect(images.image(Self.image, in: "us-east-1") != nil)
    }
}
