import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Reporting
import Storage

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show why an iteration decided as it did for a worker type.",
        discussion: """
            Without options it shows the latest decision and, beside it, the last one in which something was bought or \
            refused. Decisions in which nothing was to be done are not kept; of the others that are not the latest, the \
            chosen pools are kept without the other candidates.

            Example: aws-provisioner explain build-linux --at 2h
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The worker type's name.") var workerType: WorkerTypeArgument
    @Option(help: "The decision of this iteration.") var iteration: Int64?
    @Option(help: "The last decision up to this time, as 2026-11-24T22:00:00Z, or 2h for two hours ago.")
    var at: Moment?
    @OptionGroup var json: JSONOption

    private var name: String { workerType.name }

    func validate() throws {
        guard iteration == nil || at == nil else {
            throw ValidationError("--iteration or --at, not both")
        }
    }

    func run() throws {
        let context = try common.deployment()
        let database = try context.openDatabase(.readOnly)
        let explanations = try database.snapshot {
            try self.explanations(in: database, rules: context.settings.rules)
        }
        if json.isSet {
            var document = explanations.first?.json ?? [:]
            if iteration == nil, at == nil {
                document["lastPurchase"] = explanations.dropFirst().first.map { .object($0.json) } ?? .null
            }
            return try Terminal.print(document: document)
        }
        for (index, explanation) in explanations.enumerated() {
            if index > 0 {
                Terminal.print(["", "The last decision in which something was bought or refused:", ""])
            }
            Terminal.print(explanation.lines.map { TerminalText($0) })
        }
    }

    private func explanations(
        in database: ProvisionerDatabase, rules: ProvisioningRules
    ) throws -> [Explanation] {
        guard let type = try database.workerTypes.withoutSecrets(of: name)?.type else {
            throw database.noWorkerType(name)
        }
        let platforms = PlatformExplanation(type, catalog: try database.images.all(), rules: rules)
        let now = Date()
        let subnets = SubnetExplanation(
            type, regions: try database.regions.all().values,
            holds: Holds(try database.holds.all(), now: now), rules: rules)
        return try decisions(database).map {
            Explanation(
                type: type, iteration: $0.iteration, decision: $0.decision, hasCandidates: $0.hasCandidates,
                platforms: platforms, subnets: subnets)
        }
    }

    /// The decision that the options select. Without options, the latest decision and the last purchase, if that is
    /// another decision.
    private func decisions(_ database: ProvisionerDatabase) throws -> [IterationStore.StoredDecision] {
        if let iteration {
            guard let decision = try database.iterations.decision(of: name, iteration: iteration) else {
                throw CommandFailure(
                    .noInput,
                    "iteration \(iteration) has no decision for \(name) that is kept: nothing was to be done, or it "
                        + "is too old")
            }
            return [decision]
        }
        if let time = at?.date(now: Date()) {
            guard let decision = try database.iterations.decision(of: name, at: time) else {
                throw CommandFailure(
                    .noInput, "no decision for \(name) up to \(time.timestamp) is kept")
            }
            return [decision]
        }
        guard let latest = try database.iterations.explanation(of: name) else {
            throw CommandFailure(.noInput, "no iteration has decided for \(name) yet")
        }
        let purchase = try database.iterations.lastPurchase(of: name)
        return [latest] + [purchase].compactMap(\.self).filter { $0.iteration != latest.iteration }
    }
}
