import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Quotas of the account in a deployment")
struct QuotaTests {
    /// Codes of `Service Quotas`: other things, Standard on demand, Standard spot.
    private func quotas(_ region: String, spot: Int, onDemand: Int = 1000) -> String {
        """
        {"quotas": {"\(region)": {"L-0263D0A3": 5, "L-1216C47A": \(onDemand).0, "L-34B43A08": \(spot).0}}}
        """
    }

    private func calls(_ deployment: Deployment, _ action: String) async throws -> Int {
        let counted = try await deployment.ec2.control("{}")
        return try JSONValue(parsing: Data(counted.utf8)).objectValue?["calls"]?.objectValue?.number(action)
            ?? 0
    }

    @Test("bound the launches beforehand, and another region takes the rest in the same iteration")
    func bound() async throws {
        let deployment = try await Deployment()
        try await deployment.ec2.control(quotas("us-east-1", spot: 13))
        try await deployment.ec2.control(quotas("eu-west-1", spot: 41))
        try await deployment.apply("alpha", .sample(regions: ["us-east-1", "eu-west-1"]))
        try await deployment.setPending(["alpha": 12])
        _ = try await deployment.iterate()
        // A c5.xlarge has 4 vCPUs.
        #expect(try await deployment.instances(region: "us-east-1").count <= 3)
        #expect(try await deployment.instances(region: "eu-west-1").count <= 10)
        #expect(try await deployment.count("alpha") == 12)
        #expect(try await calls(deployment, "RunInstances") == 12, "no call that EC2 would refuse")
        #expect(try await calls(deployment, "ListServiceQuotas") == 4, "two pages for each region")

        try await deployment.setPending(["alpha": 40])
        let iteration = try await deployment.iterate()
        #expect(try await deployment.instances(region: "us-east-1").count == 3)
        #expect(try await deployment.count("alpha") == 13)
        #expect(try await calls(deployment, "ListServiceQuotas") == 4, "once a day")
        let used = iteration.list("quotas").first { $0.text("region") == "us-east-1" }
        #expect(used?.number("usedVcpus") == 12 && used?.number("quotaVcpus") == 13)
        let status = try await deployment.run("status")
        #expect(
            status.output.contains("quota Standard spot in us-east-1: 12 of 13 vCPUs"), "\(status.output)")
        let explained = try await deployment.run("explain", "alpha")
        #expect(explained.output.contains("vcpu-quota"), "\(explained.output)")
        let labels = #"{region="us-east-1",market="spot",class="Standard"}"#
        for (path, text) in [
            ("/", "Quotas of the account, in vCPUs"),
            ("/metrics", "aws_provisioner_vcpu_quota\(labels) 13\n"),
            ("/metrics", "aws_provisioner_vcpu_quota_use\(labels) 12\n"),
        ] {
            #expect(try await deployment.page(path).output.contains(text), "\(path)")
        }
        #expect(
            try await deployment.run("doctor").output.contains(
                "13 vCPUs of Standard spot"))
    }

    @Test("are optional: without the right everything goes on, the call is not repeated, and doctor says so")
    func noRight() async throws {
        var deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        try await deployment.setPending(["alpha": 3])
        let iteration = try await deployment.iterate()
        #expect(iteration["iteration"]?.objectValue?.text("outcome") == "success")
        #expect(iteration.list("failures").isEmpty && iteration.list("quotas").isEmpty)
        #expect(try await deployment.count("alpha") == 3)
        _ = try await deployment.iterate()
        #expect(try await calls(deployment, "ListServiceQuotas") == 1, "alpha uses one region")
        let doctor = try await deployment.run("doctor")
        #expect(doctor.output.contains("the optional right is servicequotas:ListServiceQuotas"))
        #expect(
            try await deployment.run("doctor", "--iam-policy").output.contains(
                "servicequotas:ListServiceQuotas"))
        deployment.environment["AWS_PROVISIONER_READ_QUOTAS"] = "false"
        #expect(!(try await deployment.run("doctor", "--iam-policy").output.contains("servicequotas")))
        #expect(!(try await deployment.run("doctor").output.contains("quotas us-east-1")))
    }
}
