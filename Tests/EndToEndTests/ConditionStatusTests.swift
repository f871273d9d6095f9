import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The output of status for conditions of EC2")
struct ConditionStatusTests {
    /// Replaces a text once in the responses of us-east-1 to an action.
    private func replace(_ old: String, by new: String, in action: String, _ deployment: Deployment)
        async throws
    {
        let fault: JSONValue = [
            "fault": ["us-east-1": ["kind": .string("replace:\(old)=>\(new)"), "action": .string(action)]]
        ]
        try await deployment.ec2.control(String(decoding: try fault.serialized(), as: UTF8.self))
    }

    @Test(
        "contains the number of spot prices that cannot be read, which do not prevent launches",
        arguments: ["<spotPrice>-", "<spotPrice>0</spotPrice><spotPrice>", "<other>0</other><spotPrice>x"])
    func prices(replacement: String) async throws {
        let deployment = try await Deployment(regions: ["us-east-1"])
        try await deployment.apply("alpha", .sample())
        try await deployment.setPending(["alpha": 2])
        try await replace("<spotPrice>", by: replacement, in: "DescribeSpotPriceHistory", deployment)
        let report = try await deployment.iterate()
        #expect(report.list("bids").map { $0.text("outcome") } == ["launched", "launched"])
        let warning = "prices us-east-1: 1 records without a type, zone, time or positive price were skipped"
        #expect(report["warnings"] == [.string(warning)])
        #expect(try await deployment.run("status").output.contains("warning: " + warning))
    }

    @Test("contains instances that EC2 launched in another market, and their cost is unknown")
    func markets() async throws {
        let deployment = try await Deployment(regions: ["us-east-1"])
        try await deployment.apply("alpha", .sample(minCapacity: 1))
        _ = try await deployment.iterate()
        _ = try await deployment.iterate()
        func instances(_ market: String) async throws -> Int {
            let listed = try await deployment.run("instances", "--json", "--market", market)
            return try JSONValue(parsing: Data(listed.output.utf8)).objectValue?.list("instances").count ?? 0
        }
        #expect(try await instances("spot") == 1)
        #expect(try await !deployment.run("status").output.contains("warning: "))
        try await replace(
            "<instanceLifecycle>spot</instanceLifecycle>", by: "", in: "DescribeInstances", deployment)
        _ = try await deployment.iterate()
        let status = try await deployment.run("status").output
        #expect(status.contains("warning: 1 instances were requested as spot and are on-demand in EC2: i-"))
        #expect(status.contains("without 1 instances of unknown price"))
        #expect(try await instances("on-demand") == 1)
    }
}
