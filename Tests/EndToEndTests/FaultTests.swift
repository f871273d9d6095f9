import Domain
import Formats
import Foundation
import TestSupport
import Testing

extension HeavyTests {
    /// Invariants of both tests: after each iteration every instance of EC2 has a launch in the matching state, no worker
    /// type exceeds its maxCapacity, and foreign instances are unchanged. After the faults all pending tasks are served,
    /// every launch is in a final state, and the database passes the integrity check.
    @Suite("A provisioner with a faulty EC2")
    struct FaultTests {
        @Test(
            "loses no launch and repeats none; FAULT_ITERATIONS and FAULT_SEED set number and seed",
            arguments: RequestMode.allCases)
        func faultyNetwork(mode: RequestMode) async throws {
            try await FaultyDeployment(mode: mode).run(
                iterations: count("FAULT_ITERATIONS", default: 60) / RequestMode.allCases.count, rate: 0.15)
        }

        @Test(
            "is consistent after SIGKILL at any time, with and without faults; CHAOS_KILLS sets the number",
            arguments: [0, 0.15])
        func kills(rate: Double) async throws {
            try await FaultyDeployment(mode: .runInstances).run(
                iterations: 0, kills: count("CHAOS_KILLS", default: 30) / 2, rate: rate)
        }

        private func count(_ variable: String, default number: Int) -> Int {
            ProcessInfo.processInfo.environment[variable].flatMap(Int.init) ?? number
        }
    }
}

/// A deployment with a proxy that makes calls to EC2 fail, and with workers that start and end.
private struct FaultyDeployment {
    private static let regions = ["us-east-1", "eu-west-1"]
    private static let secret: JSONObject = ["s": "planted-worker-secret"]
    private static let workerTypes: [String: WorkerTypeDefinition] = [
        "plain": .sample(maxCapacity: 8, regions: regions, secrets: secret),
        "sized": .sample(
            maxCapacity: 9, scalingRatio: 0.5, types: [("c5.xlarge", 1, 1), ("c5.2xlarge", 2, 2)],
            regions: regions,
            secrets: secret, canUseOndemand: true),
        "demand": .sample(
            maxCapacity: 4, types: [("m5.large", 1, 1)], regions: regions, secrets: secret,
            canUseOndemand: true,
            canUseSpot: false),
    ]

    private let deployment: Deployment

    init(mode: RequestMode) async throws {
        var deployment = try await Deployment(ec2Server: "fault_proxy.py")
        deployment.environment["AWS_PROVISIONER_REQUEST_MODE"] = mode.rawValue
        deployment.environment["AWS_PROVISIONER_CALL_TIMEOUT"] = "5s"
        deployment.environment["AWS_PROVISIONER_LOG_LEVEL"] = "info"
        // The oldest workers reach their maximum life.
        deployment.environment["AWS_PROVISIONER_MAX_LIFE"] = "3h"
        for (name, definition) in Self.workerTypes { try await deployment.apply(name, definition) }
        for region in Self.regions {
            try await deployment.aws(
                "run_instances",
                [
                    "ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1,
                    "TagSpecifications": [
                        ["ResourceType": "instance", "Tags": [["Key": "Owner", "Value": "other-owner"]]]
                    ],
                ], region: region)
        }
        self.deployment = deployment
    }

    func run(iterations: Int, kills: Int = 0, rate: Double) async throws {
        let seed = ProcessInfo.processInfo.environment["FAULT_SEED"] ?? "1"
        let parameters: JSONValue = [
            "provisioner": .string(Paths.provisioner), "api": .string(Paths.api),
            "clock": .string(Paths.movedClock),
            "database": .string(deployment.folder.file("provisioner.sqlite")),
            "environment": .object(deployment.environment.mapValues(JSONValue.string)),
            "ec2": .string(deployment.ec2.url), "queue": .string(deployment.queue.url), "seed": .string(seed),
            "iterations": .integer(Int64(iterations)), "kills": .integer(Int64(kills)), "rate": .number(rate),
            "workerTypes": .object(
                Self.workerTypes.mapValues { definition in
                    [
                        "max": .integer(Int64(definition.maxCapacity)),
                        "sizes": .object(
                            Dictionary(
                                uniqueKeysWithValues: definition.instanceTypes.map {
                                    ($0.instanceType, .integer(Int64($0.capacity)))
                                })),
                    ]
                }),
        ]
        let ended = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/clients/fault_run.py"],
            input: String(decoding: try parameters.serialized(), as: UTF8.self))
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        if ended.status == 0 { print("seed \(seed), rate \(rate): \(ended.output)", terminator: "") }
    }
}
