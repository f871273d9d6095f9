import CGI
import Cryptography
import Formats
import Foundation
import Reporting
import Storage
import TestSupport
import Testing

@testable import Domain
@testable import StatusPage

/// A deployment in a database, and the pages that show it. Secrets and markup are planted wherever text can stand.
struct Fixture {
    static let now = Date.start.plus(minutes: 60)
    static let hostile = "<script>alert(\"planted-markup\")</script>"
    static let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")

    let folder: TemporaryFolder
    let database: ProvisionerDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try ProvisionerDatabase(
            path: folder.file("p.sqlite"), key: try EncryptionKey(), create: true)
    }

    /// What a page answers.
    func get(
        _ path: String = "/", query: String = "", method: String = "GET", script: String = "/status"
    ) -> (response: CGIResponse, body: String, log: [String]) {
        let log = Log()
        let path = path.removingPercentEncoding ?? path
        let database = database
        let source = StatusPages.Source(
            overview: { try Overview(database, iterations: 60, window: $0, now: Self.now) },
            overviewWithTerminations: {
                (
                    try Overview(database, iterations: 60, window: $0, now: Self.now),
                    try TerminationOverview(database, now: Self.now)
                )
            },
            workerType: { name, window in
                try WorkerTypeDetail(
                    name, in: database, ownership: Ownership(provisionerId: "p", keyPrefix: "p:"),
                    rules: ProvisioningRules(), window: window, now: Self.now)
            }, costs: { try CostRecord(database, since: $0, now: Self.now) },
            metrics: { ("metrics\n", "text/plain") })
        let pages = StatusPages(source, provisionerId: "p", interval: 60, now: Self.now) { log.add($0) }
        let response = pages.respond(
            PageRequest(environment: [
                "REQUEST_METHOD": method, "SCRIPT_NAME": script, "PATH_INFO": path, "QUERY_STRING": query,
            ]))
        return (response, String(decoding: response.body, as: UTF8.self), log.lines)
    }

    func add(_ name: String, _ definition: WorkerTypeDefinition = .sample()) throws {
        _ = try database.workerTypes.create(name, definition, by: .program, now: .start)
    }

    func decide(_ decisions: WorkerTypeDecision...) throws {
        let id = try database.iterations.begin(dryRun: false, now: Self.now.plus(minutes: -1))
        try database.iterations.record(decisions, iteration: id)
        try database.history.record(decisions)
        let summary: JSONValue = [
            "errors": [["subject": "queue alpha", "message": .string(Self.hostile)]],
            "calls": [
                "calls": 12, "retries": 2, "throttles": 1, "secondsWaited": 1.5,
                "actions": [
                    [
                        "service": "ec2", "action": .string(Self.hostile), "calls": 3, "retries": 2,
                        "throttles": 1,
                    ]
                ],
            ],
        ]
        try database.iterations.finish(
            id, outcome: .success, summary: try #require(IterationSummary(unversioned: summary)),
            now: Self.now.plus(minutes: -0.9))
    }

    /// A launch that stands like this.
    func launch(
        _ id: String, workerType: String = "alpha", pool: Pool = pool,
        _ change: (inout Launch) -> Void = { _ in }
    ) throws {
        var launch = Launch(
            id: id, workerType: workerType, definitionModified: .start, iteration: 1, pool: pool,
            capacity: 1,
            market: .spot, mode: .runInstances, spotPrice: Price(usd: 0.1), effectivePrice: Price(usd: 0.1),
            bidPrice: Price(usd: 0.2), createdAt: Self.now.plus(minutes: -5),
            secretExpires: Self.now.plus(minutes: 35))
        try database.launches.store(
            launch,
            request: LaunchRequest(
                clientToken: id, pool: pool, market: .spot, mode: .runInstances, bidPrice: .zero,
                launchSpecification: [:], userData: "planted-user-data", tags: [:], validUntil: .start),
            securityToken: "planted-token-\(id)",
            secret: SecretContent(secrets: ["s": "planted-worker-secret"], scopes: []))
        change(&launch)
        try database.launches.update([launch])
    }

    /// Everything there is to show, with secrets and markup in all of it.
    func fill() throws {
        var definition = WorkerTypeDefinition.sample(
            minCapacity: 1, maxCapacity: 8, secrets: ["password": "planted-secret-general"])
        definition.instanceTypes[0].secrets = ["p": "planted-secret-type"]
        definition.regions[0].secrets = ["p": "planted-secret-region"]
        definition.userData = ["apiToken": "planted-user-token", "deep": ["Password": "planted-password"]]
        definition.description = Self.hostile
        definition.owner = Self.hostile
        try add("alpha", definition)
        try add("beta")
        let type = WorkerType(name: "alpha", definition: definition, lastModified: .start)
        var decision = WorkerTypeDecision.sample(
            type, pendingTasks: 5, tally: CapacityTally(running: 1, booting: 1, requested: 1),
            at: Self.now.plus(minutes: -1))
        decision.add(problems: [Problem(.stopped, Self.hostile)])
        try decide(decision)
        _ = try database.clients.add(
            ClientRecord(
                clientId: "planted-client", scopes: [], expires: nil, description: "", createdAt: .start),
            accessToken: "planted-access-token", by: .program)
        try launch("l1") { launch in
            launch.state = .visible
            launch.instanceId = "i-1"
        }
        try launch("l2") { launch in
            launch.state = .failed
            launch.errorCode = "Refused"
            launch.errorMessage = Self.hostile
            launch.endedAt = Self.now
        }
        try launch("l3")
        try end()
        let tags = Ownership(provisionerId: "p", keyPrefix: "p:").tags(workerType: "alpha", launchId: "l1")
        try database.regions.save([
            RegionState(
                region: "us-east-1",
                instances: [
                    Instance(
                        id: "i-1", pool: Self.pool, imageId: "ami-1", state: .running,
                        launchTime: Self.now.plus(minutes: -4), tags: tags)
                ],
                spotRequests: [
                    SpotRequest(
                        id: "sir-1", region: "us-east-1", availabilityZone: nil, instanceType: "c5.xlarge",
                        imageId: "ami-1", state: .open, statusCode: Self.hostile, createTime: .start,
                        tags: Ownership(provisionerId: "p", keyPrefix: "p:").tags(
                            workerType: "alpha", launchId: "l9"))
                ], availabilityZones: ["us-east-1a"], fetchedAt: Self.now.plus(minutes: -1))
        ])
        for (minute, usd) in [(-30.0, 0.1), (-2, 0.12)] {
            try database.prices.replace(
                region: "us-east-1",
                prices: [SpotPrice(pool: Self.pool, price: Price(usd: usd), timestamp: .start)],
                instanceTypes: ["c5.xlarge"], now: Self.now.plus(minutes: minute))
        }
        let failure = ServiceFailure(kind: .other, code: "Code", message: Self.hostile)
        try database.regions.setFailures(
            [CallSubject(.region, "eu-west-1"): failure], now: Self.now.plus(minutes: -1))
        try database.holds.record(
            Hold(
                subject: .pool(Self.pool, .spot), until: Self.now.plus(minutes: 15), failures: 1,
                code: failure.code, message: failure.message, since: Self.now))
    }

    /// An instance that does not terminate, an interrupted one, and a notice.
    private func end() throws {
        let instance = Instance(
            id: "i-1", pool: Self.pool, imageId: "ami-1", state: .running, launchTime: .start, tags: [:])
        for minutes in [-20.0, -10] {
            try database.terminations.record(
                asked: [
                    TerminationPlan.Termination(
                        instance: instance, workerType: "alpha", launchId: "l1", reason: .maxLife)
                ], gone: [], now: Self.now.plus(minutes: minutes))
        }
        try database.interruptions.record([
            Interruption(
                instanceId: "i-9", launchId: "l9", workerType: "alpha", pool: Self.pool, reason: Self.hostile,
                at: Self.now.plus(minutes: -15))
        ])
        try database.notices.record(
            [
                InterruptionNotice(
                    instanceId: "i-1", region: "us-east-1", kind: .interruption,
                    // Above the age up to which an announced interruption makes an instance free.
                    at: Self.now.plus(minutes: -61))
            ], now: Self.now)
    }

    /// Lines for the operator.
    private final class Log: @unchecked Sendable {
        private let lock = NSLock()
        private var kept: [String] = []

        func add(_ line: String) { lock.withLock { kept.append(line) } }

        var lines: [String] { lock.withLock { kept } }
    }
}

extension CGIResponse {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
