import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

@Suite("aws-provisioner explain")
struct ExplainTests {
    private static let zones = [
        "us-east-1": ["us-east-1a", "us-east-1b"], "eu-west-1": ["eu-west-1a", "eu-west-1b"],
    ]

    private static func pool(_ zone: String, _ type: String) -> Pool {
        Pool(region: String(zone.dropLast()), availabilityZone: zone, instanceType: type)
    }

    /// A decision among eight pools, of which one is on hold and one too expensive.
    private func decision(_ type: WorkerType, pending: Int, running: Int, rules: ProvisioningRules)
        -> WorkerTypeDecision
    {
        let prices: [(String, Double, Double)] = [
            ("us-east-1a", 0.0578, 0.2101), ("us-east-1b", 0.061, 0.1998), ("eu-west-1a", 0.0577, 0.22),
            ("eu-west-1b", 0.07, 0.9),
        ]
        let holds = Holds(
            [
                Hold(
                    subject: .pool(Self.pool("eu-west-1a", "c5.xlarge"), .spot),
                    until: .start.plus(minutes: 9),
                    failures: 1,
                    code: "InsufficientInstanceCapacity", message: "", since: .start)
            ], now: .start)
        let spot = prices.flatMap { zone, small, large in
            [("c5.xlarge", small), ("c5.4xlarge", large)].map { type, price in
                SpotPrice(pool: Self.pool(zone, type), price: Price(usd: price), timestamp: .start)
            }
        }
        return WorkerTypeDecision(
            WorkerTypeDecision.Input(
                workerType: type, pendingTasks: pending,
                tally: CapacityTally(running: running, booting: 1, requested: 1),
                holdings: [
                    Self.pool("us-east-1a", "c5.xlarge"): 2, Self.pool("us-east-1b", "c5.4xlarge"): 4,
                ],
                launches: []),
            market: WorkerTypeDecision.MarketView(
                book: PriceBook(spot, zones: Self.zones, holds: holds), holds: holds,
                zones: Self.zones,
                interruptions: InterruptionRecord([
                    Self.pool("us-east-1a", "c5.4xlarge"): (12, 40),
                    Self.pool("us-east-1b", "c5.4xlarge"): (1, 310.25),
                ])), rules: rules, now: .start)
    }

    @Test(
        "shows all input of a decision: a computation from the text gives the same decision",
        arguments: Strategy.allCases, ProvisioningRules.Utility.allCases)
    func completeInput(strategy: Strategy, utility: ProvisioningRules.Utility) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("provisioner.sqlite")
        let environment = ["AWS_PROVISIONER_DATABASE": path]
        let made = try await Command.run(Paths.provisioner, ["init"], environment: environment)
        try #require(made.status == 0, "\(made.errors)")
        let database = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
        var rules = ProvisioningRules()
        rules.strategy = strategy
        rules.utility = utility
        rules.taskTime = 7200
        for (name, pending, running, headroom, idleExponent) in [
            ("roomy", 11, 8, 60, 0), ("tight", 9, 0, 7, 0), ("little", 3, 0, 50, 0),
            ("roomy-idle", 11, 8, 60, 0.25), ("little-idle", 3, 0, 50, 0.1), ("tight-idle", 9, 0, 7, 0.2),
        ] {
            rules.idleExponent = idleExponent
            let definition = WorkerTypeDefinition.sample(
                maxCapacity: running + 2 + headroom, scalingRatio: 0.1, minPrice: 0.06, maxPrice: 0.5,
                types: [("c5.xlarge", 1, 1), ("c5.4xlarge", 4, 1.05)], regions: ["us-east-1", "eu-west-1"])
            _ = try database.workerTypes.create(name, definition, by: .program, now: .start)
            let type = try #require(try database.workerTypes.get(name))
            let decided = decision(type, pending: pending, running: running, rules: rules)
            let iteration = try database.iterations.begin(dryRun: false, now: .start)
            try database.iterations.record([decided], iteration: iteration)
            let explained = try await Command.run(
                Paths.provisioner, ["explain", name], environment: environment)
            #expect(explained.status == 0, "\(explained.errors)")
            let text = try ExplainedText(explained.output)
            #expect(text.strategy == strategy.rawValue && text.utility == utility.rawValue)
            for problem in text.problems { Issue.record("\(problem)\n\(explained.output)") }
            // Every wrong number must be detected, except for the held capacity, which may have no effect.
            let missed = try ExplainedText.alterations(of: explained.output).count {
                try ExplainedText($0).problems.isEmpty
            }
            #expect(missed <= (strategy == .diversified ? 1 : 0))
            #expect(
                text.rows.contains {
                    $0.isRefused(
                        "held until 2023-11-14T22:22:20.000Z: eu-west-1a c5.xlarge (InsufficientInstanceCapacity)"
                    )
                })
            #expect(text.rows.contains { $0.isRefused("above maxPrice") })
            // The computed choice equals the decision.
            #expect(text.bought == decided.bids.reduce(into: [:]) { $0["\($1.pool)", default: 0] += 1 })
            let json = try await Command.run(
                Paths.provisioner, ["explain", "--json", name], environment: environment)
            let object = try JSONValue(parsing: Data(json.output.utf8)).objectValue ?? [:]
            #expect(object.text("strategy") == strategy.rawValue)
            let pricesIdling = idleExponent > 0 && !strategy.isBaseline
            #expect(text.rows.allSatisfy { ($0["idle factor"] != nil) == pricesIdling })
            #expect(object["idleExponent"]?.doubleValue == (pricesIdling ? idleExponent : nil))
            #expect(
                object.list("candidates").compactMap { $0.number("count") }.reduce(0, +) == decided.bids.count
            )
        }
    }

    @Test("shows the last purchase with an idle decision, and any stored decision")
    func earlierDecisions() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("provisioner.sqlite")
        let environment = ["AWS_PROVISIONER_DATABASE": path]
        let made = try await Command.run(Paths.provisioner, ["init"], environment: environment)
        try #require(made.status == 0, "\(made.errors)")
        let database = try ProvisionerDatabase(path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
        let definition = WorkerTypeDefinition.sample(
            maxCapacity: 60, minPrice: 0.06, maxPrice: 0.5,
            types: [("c5.xlarge", 1, 1), ("c5.4xlarge", 4, 1.05)], regions: ["us-east-1", "eu-west-1"])
        _ = try database.workerTypes.create("alpha", definition, by: .program, now: .start)
        let type = try #require(try database.workerTypes.get("alpha"))
        // The second decision buys nothing, because no task is pending.
        for (minute, pending) in [(0.0, 9), (1, 0)] {
            let iteration = try database.iterations.begin(dryRun: false, now: .start.plus(minutes: minute))
            try database.iterations.record(
                [decision(type, pending: pending, running: 2, rules: ProvisioningRules())],
                noteworthy: pending > 0 ? ["alpha"] : [], iteration: iteration)
        }
        func explain(_ arguments: String...) async throws -> (status: Int32, json: JSONObject, errors: String)
        {
            let ended = try await Command.run(
                Paths.provisioner, ["explain", "alpha", "--json"] + arguments, environment: environment)
            let json = ended.status == 0 ? try JSONValue(parsing: Data(ended.output.utf8)).objectValue : nil
            return (Int32(ended.status), json ?? [:], ended.errors)
        }
        let latest = try await explain()
        #expect(latest.json["iterationId"] == 2 && latest.json["bids"] == [])
        #expect(latest.json["lastPurchase"]?.objectValue?["iterationId"] == 1)
        let text = try await Command.run(Paths.provisioner, ["explain", "alpha"], environment: environment)
        #expect(text.output.contains("The last decision in which something was bought or refused:"))
        for arguments in [["--iteration", "1"], ["--at", Date.start.plus(minutes: 0.5).timestamp]] {
            let earlier = try await explain(arguments[0], arguments[1])
            #expect(earlier.json["iterationId"] == 1, "\(arguments): \(earlier.errors)")
            #expect(earlier.json.list("bids").isEmpty == false)
            #expect(earlier.json["lastPurchase"] == nil)
        }
        #expect(try await explain("--iteration", "7").status == 66)
        #expect(try await explain("--at", "2001-01-01T00:00:00Z").status == 66)
        #expect(try await explain("--at", "yesterday").status == 64)
    }
}
