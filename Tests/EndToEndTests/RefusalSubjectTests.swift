import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("A refusal of EC2")
struct RefusalSubjectTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// The launches that EC2 refuses, and its response.
        let refusals: [JSONObject]
        var types = ["c5.xlarge"]
        var regions = ["us-east-1"]
        var canUseOndemand = false
        var launchSpec: JSONObject = [:]
        /// The instances of the refused worker type, of 3 pending tasks.
        let launched: Int
        /// The text of `status`; nil where nothing is held.
        let held: String?
        /// The launches that EC2 refused in the first iteration, at most.
        var attempts = 1
        var exit: Int32 = 0

        var testDescription: String { name }
    }

    private static let cases = [
        Case(
            name: "a quota of GPU types",
            refusals: [["instanceType": "g4dn.xlarge", "code": "MaxSpotInstanceCountExceeded"]],
            types: ["g4dn.xlarge"], launched: 0, held: "quota G and VT spot in us-east-1"),
        Case(
            name: "a subscription of one worker type",
            refusals: [["workerType": "alpha", "code": "OptInRequired", "status": 401]], launched: 0,
            held: "us-east-1 for worker type alpha"),
        Case(
            name: "a right to one role",
            refusals: [["workerType": "alpha", "code": "UnauthorizedOperation", "status": 403]], launched: 0,
            held: "us-east-1 for worker type alpha"),
        Case(
            name: "an instance type of another architecture",
            refusals: [
                [
                    "workerType": "alpha", "instanceType": "c6g.xlarge", "code": "InvalidParameterValue",
                    "message":
                        "The architecture 'arm64' of the specified instance type does not match the image",
                ]
            ], types: ["c5.xlarge", "c6g.xlarge"], launched: 3,
            held: "instance type c6g.xlarge for worker type alpha"),
        Case(
            name: "an image that one region lacks",
            refusals: [["workerType": "alpha", "region": "eu-west-1", "code": "InvalidAMIID.NotFound"]],
            regions: ["us-east-1", "eu-west-1"], launched: 3, held: "eu-west-1 for worker type alpha"),
        Case(
            name: "a zone without a default subnet",
            refusals: [
                [
                    "workerType": "alpha", "zone": "us-east-1a", "code": "MissingInput",
                    "message": "No default subnet for availability zone: 'us-east-1a'.",
                ]
            ], launched: 3, held: "us-east-1a for worker type alpha"),
        Case(
            name: "a missing key pair of the definition",
            refusals: [["workerType": "alpha", "code": "InvalidKeyPair.NotFound"]],
            launchSpec: ["KeyName": "absent"], launched: 0, held: "us-east-1 for worker type alpha"),
        Case(
            name: "a new instance profile",
            refusals: [
                [
                    "workerType": "alpha", "code": "InvalidParameterValue",
                    "message": "Value (p) for parameter iamInstanceProfile.name is invalid",
                ]
            ], launched: 0, held: "us-east-1 for worker type alpha"),
        Case(
            name: "an invalid parameter",
            refusals: [["workerType": "alpha", "code": "InvalidBlockDeviceMapping"]],
            regions: ["us-east-1", "eu-west-1"], launched: 0, held: "worker type alpha until", attempts: 2),
        Case(
            name: "a volume limit",
            refusals: [["workerType": "alpha", "code": "VolumeLimitExceeded"]], launched: 0,
            held: "us-east-1 for worker type alpha"),
        Case(
            name: "an unknown code",
            refusals: [["workerType": "alpha", "zone": "us-east-1b", "code": "SomethingNew"]], launched: 3,
            held: "us-east-1b c5.xlarge for worker type alpha"),
        Case(
            name: "an instance that has ended",
            refusals: [["workerType": "alpha", "code": "IdempotentInstanceTerminated"]], launched: 0,
            held: nil, attempts: 3),
    ]

    /// The instances of a worker type, and the launches that were tried.
    private func count(_ deployment: Deployment, _ workerType: String) async throws -> (live: Int, tried: Int)
    {
        let control = try JSONValue(
            parsing: Data(try await deployment.ec2.control("{}").utf8)
        ).objectValue
        let tried = control?["launches"]?.objectValue?.number(workerType) ?? 0
        return (try await deployment.count(workerType), Int(tried))
    }

    @Test("holds no more than its subject, and other worker types get all they ask for", arguments: cases)
    func subject(_ item: Case) async throws {
        let deployment = try await Deployment()
        var definition = WorkerTypeDefinition.sample(
            types: item.types.map { ($0, 1, 1) }, regions: item.regions)
        definition.launchSpec.merge(item.launchSpec) { $1 }
        try await deployment.apply("alpha", definition)
        try await deployment.apply("beta", .sample(regions: ["us-east-1"]))
        try await deployment.setPending(["alpha": 3, "beta": 5])
        let control: JSONValue = [
            "refusals": .array(item.refusals.map(JSONValue.object))
        ]
        try await deployment.ec2.control(String(decoding: try control.serialized(), as: UTF8.self))
        let report = try await deployment.iterate(expecting: item.exit)
        #expect(try await deployment.count("beta") == 5, "the other worker type is served in one iteration")
        let first = try await count(deployment, "alpha")
        #expect(first.live == item.launched)
        #expect(first.tried - first.live <= item.attempts)
        let outcome = report["iteration"]?.objectValue?.text("outcome")
        #expect(outcome == (item.launched == 0 && item.held != nil ? "degraded" : "success"))

        let status = try await deployment.run("status").output
        guard let held = item.held else {
            #expect(!status.contains("held: "), "\(status)")
            return
        }
        #expect(status.contains("held: " + held), "\(status)")
        #expect(status.contains(item.refusals[0].text("code") ?? "-"))
        _ = try await deployment.iterate()
        #expect(try await count(deployment, "alpha") == first, "the hold lasts")

        try await deployment.apply("alpha", definition)
        _ = try await deployment.iterate()
        #expect(try await count(deployment, "alpha") == first, "the same definition ends no hold")
        let cleared = try await deployment.run("hold", "clear", "--all")
        #expect(cleared.status == 0 && cleared.output.hasPrefix("ended "))
        try await deployment.ec2.control(#"{"refusals": []}"#)
        _ = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 3)
        #expect(try await deployment.run("hold", "list").output == "no hold is active\n")
    }

    @Test(
        "of spot instances for lack of the account's role leads to instances on demand, and names the command"
    )
    func spotRole() async throws {
        let deployment = try await Deployment()
        try await deployment.apply("alpha", .sample(canUseOndemand: true))
        try await deployment.apply("beta", .sample())
        try await deployment.setPending(["alpha": 2, "beta": 1])
        try await deployment.ec2.control(
            #"{"refusals": [{"market": "spot", "status": 403, "code": "AuthFailure.ServiceLinkedRoleCreationNotPermitted"}]}"#
        )
        _ = try await deployment.iterate()
        #expect(try await deployment.count("alpha") == 2)
        #expect(try await deployment.count("beta") == 0)
        let advice = "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com"
        #expect(try await deployment.run("status").output.contains(advice))
        let doctor = try await deployment.run("doctor")
        #expect(doctor.status == 78 && doctor.output.contains(advice))
    }

    @Test("is ended by hold clear for its subject or its worker type alone")
    func clear() async throws {
        let deployment = try await Deployment()
        for name in ["alpha", "beta"] { try await deployment.apply(name, .sample()) }
        try await deployment.setPending(["alpha": 1, "beta": 1])
        try await deployment.ec2.control(#"{"refusals": [{"code": "InvalidAMIID.NotFound"}]}"#)
        _ = try await deployment.iterate()
        func list() async throws -> [String] {
            let output = try await deployment.run("hold", "list", "--json").output
            return try JSONValue(parsing: Data(output.utf8)).objectValue?.list("holds").compactMap {
                $0.text("subject")
            } ?? []
        }
        let names = ["us-east-1 for worker type alpha", "us-east-1 for worker type beta"]
        #expect(Set(try await list()) == Set(names))
        #expect(try await deployment.run("hold", "clear", "elsewhere").status == 66)
        #expect(try await deployment.run("hold", "clear").status == 64)
        #expect(try await deployment.run("hold", "clear", names[0]).status == 0)
        #expect(try await list() == [names[1]])
        #expect(try await deployment.run("hold", "clear", "--worker-type", "beta").status == 0)
        #expect(try await list().isEmpty)
    }
}
