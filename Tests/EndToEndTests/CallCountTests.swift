import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The calls of an iteration")
struct CallCountTests {
    @Test(
        "to EC2 are four for each region, one for new images, one a day for quotas, one for outdated prices and one for each launch, for any number of worker types"
    )
    func calls() async throws {
        var patient = try await Deployment()
        // A retry on a busy machine would be counted twice.
        patient.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "10m"
        let deployment = patient
        var made = 0
        /// Runs an iteration, and counts its calls by action.
        func iterate() async throws -> [String: Int] {
            let before = try await counts()
            _ = try await deployment.iterate()
            return try await counts().merging(before, uniquingKeysWith: -).filter { $0.value > 0 }
        }
        func counts() async throws -> [String: Int] {
            let answer = try JSONValue(parsing: Data(try await deployment.ec2.control("{}").utf8))
            return (answer.objectValue?["calls"]?.objectValue ?? [:]).compactMapValues(\.integerValue)
        }
        let regions = 2
        let always = [
            "DescribeInstances": 2 * regions, "DescribeSpotInstanceRequests": regions,
            "DescribeAvailabilityZones": regions,
        ]
        for count in [1, 10, 100] {
            // Prices of a new instance type are outdated.
            let definition = WorkerTypeDefinition.sample(
                types: [
                    ("c5.xlarge", 1, 1),
                    ("m5.\(["large", "xlarge", "2xlarge"][String(count).count - 1])", 1, 1),
                ],
                regions: ["us-east-1", "eu-west-1"])
            let text = String(decoding: try definition.json.serialized(), as: UTF8.self)
            let files = try (made..<count).map { try deployment.folder.write(text, to: "type-\($0).json") }
            let applied = try await Command.run(
                Paths.provisioner, ["worker-type", "apply", "--offline"] + files,
                environment: deployment.environment)
            try #require(applied.status == 0, "\(applied.errors)")
            made = count
            try await deployment.setPending([:])
            var first = always.merging(["DescribeSpotPriceHistory": regions], uniquingKeysWith: { $1 })
            if count == 1 {
                first["DescribeImages"] = regions
                first["ListServiceQuotas"] = regions
            }
            #expect(try await iterate() == first)
            #expect(try await iterate() == always, "\(count) worker types")
            try await deployment.setPending(["type-\(count - 1)": 3])
            #expect(
                try await iterate() == always.merging(["RunInstances": 3], uniquingKeysWith: { $1 }),
                "\(count) worker types")
        }
    }
}
