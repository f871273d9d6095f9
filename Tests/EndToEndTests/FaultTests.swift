import Domain
import Formats
import Foundation
import TestSupport
import Testing

extension HeavyTests {
    /// What is asked of both: after each iteration every instance that EC2 holds is known and lives by its launch, no
    /// worker type has more capacity alive than it may have, and nothing of others' is touched; when the bad days are
    /// over, what waits is served, every launch comes to a final state, and the database is whole.
    @Suite("A provisioner on bad days")
    struct FaultTests {
        @Test(
            "loses no launch and buys none twice; FAULT_ITERATIONS and FAULT_SEED set how many iterations, and which",
            arguments: RequestMode.allCases)
        func badNetwork(mode: RequestMode) async throws {
            try await BadDays(mode: mode).run(
                iterations: count("FAULT_ITERATIONS", default: 60) / RequestMode.allCases.count, rate: 0.15)
        }

        @Test(
            "survives being killed at any instant, on a good network and on a bad one; CHAOS_KILLS sets how often",
            arguments: [0, 0.15])
        func chaos(rate: Double) async throws {
            try await BadDays(mode: .runInstances).run(
                iterations: 0, kills: count("CHAOS_KILLS", default: 30) / 2, rate: rate)
        }

        private func count(_ variable: String, default number: Int) -> Int {
            ProcessInfo.processInfo.environment[variable].flatMap(Int.init) ?? number
        }
    }
}

/// A deployment behind a proxy that lets calls to EC2 go wrong, with workers that come and go.
private struct BadDays {
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
        // So that the oldest workers see their end.
        deployment.environment["AWS_PROVISIONER_MAX_LIFE"] = "3h"
        for (name, definition) in Self.workerTypes { try await deployment.apply(name, definition) }
        for region in Self.regions {
            try await deployment.aws(
                "run_instances",
                [
                    "ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1,
                    "TagSpecifications": [
                        ["ResourceType": "instance", "Tags": [["Key": "Owner", "Value": "somebody-else"]]]
                    ],
                ], region: region)
        }
        self.deployment = deployment
    }

    func run(iterations: Int, kills: Int = 0, rate: Double) async throws {
        let seed = ProcessInfo.processInfo.environment["FAULT_SEED"] ?? "1"
        let wish: JSONValue = [
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
            input: String(decoding: try wish.serialized(), as: UTF8.self))
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        if ended.status == 0 { print("seed \(seed), rate \(rate): \(ended.output)", terminator: "") }
    }
}
