import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Simulation

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Replay prices and a load against the decision, and calculate the cost.",
        discussion: """
            Runs iterations under a virtual clock, with the decision that production runs, on prices and a load from \
            files (CSV, plain or gzip) or generated from the seed. Without any option it replays a day of a generated load \
            on generated prices. The same options give the same report, byte for byte. --record fetches prices for later \
            runs.

            Example: aws-provisioner simulate --compare --hours 24
            """)

    @OptionGroup(title: "Prices") var market: MarketOptions
    @OptionGroup(title: "Load") var load: LoadOptions
    @OptionGroup(title: "Conditions") var conditions: ConditionOptions
    @OptionGroup(title: "Limits over all worker types") var limits: LimitOptions

    @Option(
        name: .customLong("policy"), parsing: .upToNextOption,
        help: ArgumentHelp(
            """
            Policies to run, each with an optional pool share and parameters: cheapest-pool:1, \
            least-cost+idle=0+anticipation=18. One of \(SimulationPolicy.names). Default: \(Strategy.leastCost.rawValue).
            """, valueName: "name"), completion: .list(Strategy.allCases.map(\.rawValue)))
    var policies: [String] = []
    @Flag(help: "Run all policies in addition to the named ones, with --mixed as the default.") var compare =
        false
    @Option(help: "The largest share of new capacity in one pool.") var maxPoolShare = 0.5
    @Option(
        help:
            "Compare prices after multiplication by capacity to the power of this, for the idle slots of large instances: from 0 to 1."
    )
    var idleExponent = ProvisioningRules().idleExponent
    @Option(
        help:
            "Number of intervals whose expected demand is bought in advance while demand is uncovered, from 0 to 1000."
    )
    var anticipation = 0.0
    @Option(
        help: ArgumentHelp(
            "Free slots to keep, as 5 or as a share of the running capacity, 10%.", valueName: "slots"))
    var headroom: String?
    @Option(
        help: ArgumentHelp(
            "Time after its check-in in which an instance counts as booting.", valueName: "duration"))
    var claimGrace = DurationIn<Seconds>(ProvisioningRules().claimGrace)
    @Flag(inversion: .prefixedNo, help: "Hold the pools in which EC2 interrupts instances.")
    var interruptionHolds = true
    @Option(
        name: .customLong("schedule"),
        help: ArgumentHelp(
            """
            Capacity bounds of worker types by weekly windows: 'build-*=Europe/Berlin Mon-Fri 08:00-18:00 min=10'. A bar \
            separates the schedules of several patterns.
            """, valueName: "pattern=schedule"))
    var schedules: String?
    @OptionGroup var tables: TableOptions
    @OptionGroup var json: JSONOption
    @Option(help: ArgumentHelp("Write a page with plots.", valueName: "file"), completion: .file()) var html:
        String?

    func run() async throws {
        if let file = market.record { return try await market.record(to: file, json) }
        let policies = try chosenPolicies()
        let (scenario, facts) = try await SimulationSetup(
            market: market, load: load, conditions: conditions, mixed: load.mixed ?? compare
        ).scenario()
        let reports = policies.map { SimulationReport(scenario, policy: $0.name, rules: $0.rules) }
        if let html {
            try OutputFile.write(ReportPage(reports.withoutRepetitions, facts: facts).html, to: html)
        }
        if json.isSet {
            return try Terminal.print(document: [
                "facts": .array(facts.map { .string($0) }), "policies": .array(reports.map(\.json)),
            ])
        }
        Terminal.print(facts.map { TerminalText($0) })
        Terminal.print()
        SimulationDisplay.show(reports, tables)
    }

    private func chosenPolicies() throws -> [SimulationPolicy] {
        var standard = ProvisioningRules()
        standard.maxPoolShare = maxPoolShare
        try standard.set(.idle, to: "\(idleExponent)", in: "--idle-exponent \(idleExponent)")
        standard.claimGrace = claimGrace.seconds
        standard.holdsInterruptedPools = interruptionHolds
        standard.seed = conditions.seed
        standard.totalLimits = limits.values
        if let headroom { try standard.set(.headroom, to: headroom, in: "--headroom \(headroom)") }
        try standard.set(.anticipation, to: "\(anticipation)", in: "--anticipation \(anticipation)")
        if let schedules {
            do {
                standard.schedules = try Settings.schedules(schedules)
            } catch {
                throw CommandFailure(.usage, "--schedule: \(error)")
            }
        }
        var chosen = compare ? try SimulationPolicy.all(standard) : []
        let named = policies.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map(String.init)
        for text in named.isEmpty && !compare ? [Strategy.leastCost.rawValue] : named
        where !chosen.contains(where: { $0.name == text }) {
            chosen.append(try SimulationPolicy(text, standard))
        }
        return chosen
    }
}

/// Reports as text.
enum SimulationDisplay {
    static func show(_ reports: [SimulationReport], _ tables: TableOptions) {
        var table = TextTable(titles: FigureTable.titles)
        for report in reports.withoutRepetitions { table.add(cells: FigureTable.cells(report)) }
        Terminal.print(table.shown(tables))
        for report in reports where report.unfinished > 0 {
            Terminal.print("\(report.policy): \(report.unfinished) tasks found no capacity")
        }
        guard let report = reports.first, reports.count == 1 else { return }
        Terminal.print()
        Terminal.print(
            "\(report.tasks) tasks, \(report.taskHours.formatted(decimals: 1)) task-hours. The most expensive pools:"
        )
        var pools = TextTable("pool", "instances", "USD")
        for share in report.pools.prefix(10) {
            pools.add("\(share.pool)", "\(share.instances)", share.cost.formatted(decimals: 2))
        }
        Terminal.print(pools.shown(tables))
    }
}
