import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Commands on regions")
struct RegionCommandTests {
    @Test("A removed region stays in the IAM policy while it has open launches, and can be given up")
    func forget() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("beta", .sample(minCapacity: 1, regions: ["eu-west-1"]))
        _ = try await deployment.iterate()
        func run(_ arguments: String..., regions: String) async throws -> (status: Int, output: String) {
            let ended = try await Command.run(
                Paths.provisioner, arguments,
                environment: deployment.environment.merging(["AWS_PROVISIONER_REGIONS": regions]) { $1 })
            return (Int(ended.status), ended.output)
        }
        let all = "us-east-1,eu-west-1"
        let lines = try JSONValue(
            parsing: Data(try await run("region", "list", "--json", regions: "us-east-1").output.utf8))
        let retired = lines.objectValue?.list("regions").first { $0.text("region") == "eu-west-1" }
        #expect(retired?["managed"] == false && retired?["openLaunches"] == 1)
        let policy = try await run("doctor", "--iam-policy", regions: "us-east-1").output
        #expect(policy.contains("eu-west-1"))

        #expect(try await run("region", "forget", "eu-west-1", regions: all).status == 64)
        #expect(try await run("region", "forget", "ap-south-1", regions: "us-east-1").status == 66)
        let forgotten = try await run("region", "forget", "eu-west-1", regions: "us-east-1")
        #expect(forgotten.status == 0 && forgotten.output.contains("1 launches are lost"))
        #expect(
            try await run("doctor", "--iam-policy", regions: "us-east-1").output.contains("eu-west-1")
                == false)
        let shown = try await run("region", "list", regions: "us-east-1").output
        #expect(shown.contains("us-east-1") && !shown.contains("eu-west-1"))
    }
}
