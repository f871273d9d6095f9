import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("aws-provisioner iterate, on moto")
struct IterateTests {
    private static let regions = ["us-east-1", "eu-west-1"]

    @Test(
        "launches the capacity of each branch of the formula, with tags and user data, and nothing in the next iteration"
    )
    func allBranches() async throws {
        let deployment = try await Deployment()
        try await deployment.apply(
            "plain", .sample(regions: Self.regions, secrets: ["s": "planted-worker-secret"]))
        try await deployment.apply("ratio", .sample(scalingRatio: 2, regions: Self.regions))
        try await deployment.apply("minimum", .sample(minCapacity: 2, regions: Self.regions))
        try await deployment.apply("maximum", .sample(maxCapacity: 3, regions: Self.regions))
        try await deployment.apply("expensive", .sample(maxPrice: 0.000_001, regions: Self.regions))
        try await deployment.setPending(["plain": 5, "ratio": 2, "maximum": 10, "expensive": 4])

        let report = try await deployment.iterate()
        let changes = Dictionary(
            uniqueKeysWithValues: report.list("workerTypes").map {
                ($0.text("workerType") ?? "", $0.number("change") ?? -1)
            })
        #expect(changes == ["plain": 5, "ratio": 2, "minimum": 2, "maximum": 3, "expensive": 4])
        #expect(report.list("bids").allSatisfy { $0.text("outcome") == "launched" })
        for (name, count) in ["plain": 5, "ratio": 2, "minimum": 2, "maximum": 3, "expensive": 0] {
            #expect(try await deployment.count(name) == count, "\(name)")
        }
        try await checkInstance(deployment, report)

        let second = try await deployment.iterate()
        #expect(second.list("bids").isEmpty)
        #expect(
            second.list("workerTypes").first { $0.text("workerType") == "plain" }?.number("pendingCapacity")
                == 5)

        let status = try await deployment.run("status")
        #expect(status.status == 0)
        #expect(status.output.contains("spending about 0.0001 USD/h"))
        let explained = try await deployment.run("explain", "expensive")
        #expect(explained.output.contains("above maxPrice"))
        #expect(explained.output.contains("= 4"))
    }

    /// Checks tags, user data and settings of one instance.
    private func checkInstance(_ deployment: Deployment, _ report: JSONObject) async throws {
        let bid = try #require(report.list("bids").first { $0.text("workerType") == "plain" })
        let region = try #require(bid.text("region"))
        let id = try #require(bid.text("instanceId"))
        let instance = try #require(
            try await deployment.instances(region: region).first { $0.text("InstanceId") == id })
        #expect(
            deployment.tags(of: instance) == [
                "Owner": "test-provisioner", "WorkerType": "test-provisioner/plain", "Name": "plain",
                "LaunchId": try #require(bid.text("launchId")),
            ])
        #expect(instance["Placement"]?.objectValue?["AvailabilityZone"]?.stringValue == bid.text("zone"))
        #expect(instance.text("ClientToken") == bid.text("launchId"))
        let attribute = try await deployment.aws(
            "describe_instance_attribute", ["InstanceId": .string(id), "Attribute": "userData"],
            region: region)
        let encoded = try #require(attribute["UserData"]?.objectValue?.text("Value"))
        let decoded = try #require(Data(base64Encoded: encoded))
        let data = try #require(try JSONValue(parsing: decoded).objectValue)
        #expect(data.text("workerType") == "plain")
        #expect(data.text("provisionerBaseUrl") == "https://provisioner.example.com/v1")
        #expect(data["data"] == ["setting": "value"])
        #expect(!String(decoding: decoded, as: UTF8.self).contains("planted"))
        let token = try #require(data.text("securityToken"))
        #expect(SlugID.isValid(token))
        #expect(token != bid.text("launchId"))
    }

    @Test("terminates instances of a removed worker type, and never changes foreign resources")
    func foreignResources() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("old", .sample(regions: Self.regions))
        try await deployment.apply("young", .sample(regions: Self.regions))
        try await deployment.setPending(["old": 4, "young": 1])
        _ = try await deployment.iterate()
        func launchInstance(_ tags: JSONValue) async throws {
            try await deployment.aws(
                "run_instances",
                [
                    "ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1,
                    "TagSpecifications": [["ResourceType": "instance", "Tags": tags]],
                ])
        }
        try await launchInstance([
            ["Key": "Owner", "Value": "other-owner"], ["Key": "Name", "Value": "foreign"],
        ])
        try await launchInstance([
            ["Key": "Owner", "Value": "test-provisioner"], ["Key": "Name", "Value": "foreign"],
            ["Key": "WorkerType", "Value": "test-provisioner/never-known"],
        ])
        #expect(try await deployment.run("worker-type", "remove", "old").status == 0)
        let report = try await deployment.iterate()
        #expect(report.list("terminated").count == 4)
        #expect(report.list("terminated").allSatisfy { $0.text("workerType") == "old" })
        #expect(report.list("errors").contains { $0.text("message")?.contains("never-known") == true })
        #expect(try await deployment.count("old") == 0)
        #expect(try await deployment.count("young") == 1)
        #expect(try await deployment.count("foreign") == 2)
    }

    @Test(
        "continues without a region that fails, hangs or returns garbage",
        arguments: ["error", "hang", "garbage"])
    func regionFails(kind: String) async throws {
        var deployment = try await Deployment()
        try await deployment.apply("east", .sample(regions: ["us-east-1"]))
        try await deployment.apply("west", .sample(regions: ["eu-west-1"]))
        try await deployment.setPending(["east": 2, "west": 0])
        _ = try await deployment.iterate()
        deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "3s"
        try await deployment.ec2.control("{\"fault\": {\"us-east-1\": {\"kind\": \"\(kind)\"}}}")
        try await deployment.setPending(["east": 2, "west": 1])
        let report = try await deployment.iterate(expecting: 69)
        #expect(report["iteration"]?.objectValue?.text("outcome") == "partial")
        #expect(report.list("bids").map { $0.text("workerType") } == ["west"])
        let east = try #require(report.list("workerTypes").first { $0.text("workerType") == "east" })
        let capacities = ["runningCapacity", "pendingCapacity", "requestedCapacity"]
        #expect(capacities.reduce(0) { $0 + (east.number($1) ?? 0) } == 2)
        #expect(report.list("errors").contains { $0.text("subject") == "region us-east-1" })
    }

    @Test("continues if the Queue fails for one worker type", arguments: ["error", "hang", "garbage"])
    func queueFails(kind: String) async throws {
        var deployment = try await Deployment()
        _ = try await deployment.iterate()
        deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "3s"
        try await deployment.apply("ill", .sample(minCapacity: 5))
        try await deployment.apply("well", .sample())
        try await deployment.queue.control(
            "{\"pending\": {\"well\": 1}, \"fault\": {\"ill\": \"\(kind)\"}}")
        let report = try await deployment.iterate(expecting: 69)
        #expect(report.list("bids").map { $0.text("workerType") } == ["well"])
        #expect(report.list("errors").contains { $0.text("subject") == "queue ill" })
    }

    @Test("finds a launch with a lost response, and does not repeat it")
    func cutOff() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        try await deployment.setPending(["alpha": 2])
        for kind in ["cut-before", "cut"] {
            try await deployment.ec2.control(
                "{\"fault\": {\"us-east-1\": {\"kind\": \"\(kind)\", \"action\": \"RunInstances\"}}}")
            _ = try await deployment.iterate(expecting: 69)
        }
        try await deployment.ec2.control("{}")
        _ = try await deployment.iterate()
        _ = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 2)
    }

    @Test("reports missing rights, and exits with the code for a wrong configuration")
    func unauthorized() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        try await deployment.ec2.control(
            "{\"fault\": {\"us-east-1\": {\"kind\": \"code:UnauthorizedOperation\"}}}")
        _ = try await deployment.iterate(expecting: 78)
    }

    @Test("changes nothing in a dry run")
    func dryRun() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample())
        try await deployment.setPending(["alpha": 2])
        let ended = try await deployment.run("iterate", "--dry-run", "--json")
        #expect(ended.status == 0)
        let report = try JSONValue(parsing: Data(ended.output.utf8)).objectValue ?? [:]
        #expect(report.list("bids").map { $0.text("outcome") } == ["planned", "planned"])
        #expect(try await deployment.count("alpha") == 0)
    }
}
