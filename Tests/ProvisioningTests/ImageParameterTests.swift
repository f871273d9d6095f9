import Domain
import Formats
import Foundation
import Provisioning
import Storage
import Synchronization
import TestSupport
import Testing

/// SSM parameters of a test.
private final class TestParameters: ParameterService {
    let values = Mutex<[String: String]>([:])
    let failure = Mutex<ServiceFailure?>(nil)
    let calls = Mutex<[String]>([])

    func values(of names: [String], region: String) async throws -> [String: String] {
        calls.withLock { $0.append("\(region) \(names.joined(separator: " "))") }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return values.withLock { $0.filter { names.contains($0.key) } }
    }
}

@Suite("Images of SSM parameters in an iteration")
struct ImageParameterTests {
    private static let reference = "resolve:ssm:/images/worker"
    private let parameters = TestParameters()

    private func harness(_ value: String?) throws -> Harness {
        parameters.values.withLock { $0["/images/worker"] = value }
        var definition = WorkerTypeDefinition.sample(
            minCapacity: 1, types: [("c5.xlarge", 1, 1), ("m5.xlarge", 1, 1)])
        definition.regions[0].launchSpec["ImageId"] = .string(Self.reference)
        let ec2 = try TestEC2()
        ec2.platformDetails.withLock { $0 = ["ami-win": "Windows"] }
        ec2.priceFactors.withLock { $0[.windows] = ["c5.xlarge": 3, "m5.xlarge": 2] }
        var harness = try Harness(ec2: ec2, queue: TestQueue([:]), workerTypes: ["alpha": definition])
        harness.parameters = parameters
        return harness
    }

    @Test("The image to which a parameter refers determines the platform, and EC2 receives the parameter")
    func platform() async throws {
        let harness = try harness("ami-win")
        let report = try await harness.iterate(0)
        #expect(report.bids.map(\.bid.platform) == [.windows])
        #expect(report.bids.map(\.bid.pool.instanceType) == ["m5.xlarge"])
        #expect(report.warnings.isEmpty)
        #expect(harness.ec2.live.map(\.imageId) == [Self.reference], "RunInstances resolves it")
        for minute in 1...4 { try await harness.iterate(Double(minute)) }
        #expect(parameters.calls.withLock { $0 } == ["us-east-1 /images/worker"])
    }

    @Test("A parameter is read again after 5 minutes, and the platform follows a new image")
    func newImage() async throws {
        let harness = try harness("ami-win")
        try await harness.iterate(0)
        parameters.values.withLock { $0["/images/worker"] = "ami-linux" }
        try await harness.iterate(5)
        let images = try harness.database.images.all()
        #expect(images.imageId(of: Self.reference, in: "us-east-1") == "ami-linux")
        #expect(images.platform(of: Self.reference, in: "us-east-1") == .linux)
    }

    @Test("RequestSpotInstances receives the id of the image")
    func spotRequest() async throws {
        var harness = try harness("ami-win")
        harness.deployment.rules.requestMode = .requestSpotInstances
        try await harness.iterate(0)
        try await harness.iterate(1)
        #expect(harness.ec2.live.map(\.imageId) == ["ami-win"])
    }

    @Test(
        "A parameter without an image is a warning, and is refused in a spot request before EC2 is called",
        arguments: [nil, "not an image"])
    func unresolved(value: String?) async throws {
        var harness = try harness(value)
        let reason =
            value == nil ? "the parameter does not exist" : "the parameter contains no image id"
        let report = try await harness.iterate(0)
        #expect(report.warnings.first?.contains("could not be resolved (\(reason))") == true)
        #expect(report.count(.launched) == 1, "EC2 decides on RunInstances")

        harness = try self.harness(value)
        harness.deployment.rules.requestMode = .requestSpotInstances
        let refused = try await harness.iterate(0)
        #expect(refused.count(.launched) == 0)
        #expect(refused.bids.compactMap(\.failure?.code).first == "unresolved-image")
        #expect(try harness.database.launches.open().isEmpty)
        #expect(
            try harness.database.holds.all().map(\.subject) == [.workerType("alpha", region: "us-east-1")])
    }

    @Test("The last known image counts while a parameter cannot be read")
    func lastKnown() async throws {
        var harness = try harness("ami-win")
        harness.deployment.rules.requestMode = .requestSpotInstances
        try await harness.iterate(0)
        parameters.failure.withLock {
            $0 = ServiceFailure(kind: .unauthorized, code: "AccessDeniedException", message: "no")
        }
        let report = try await harness.iterate(5)
        #expect(report.outcome == .success)
        #expect(
            report.warnings.first?.contains(
                "could not be resolved (AccessDeniedException: no), so that the last known image ami-win counts"
            )
                == true)
        let images = try harness.database.images.all()
        #expect(images.platform(of: Self.reference, in: "us-east-1") == .windows)
    }
}
