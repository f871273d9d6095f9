import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Platform
import Provisioning
import Storage

struct Instances: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instances", abstract: "List the deployment's instances, as EC2 last showed them.",
        discussion: """
            Reads the database, which contains the instances as of the last iteration. A worker that has checked in has \
            fetched its credentials. Options with several values take them separated by commas, or are repeated.

            Example: aws-provisioner instances build-linux --state running,pending --older-than 12h
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "Only this worker type's.") var workerType: WorkerTypeArgument?
    @Option(help: "Only in these states. Default: all but terminated ones.") var state:
        [ListArgument<Instance.State>] = []
    @Option(help: "Only in these regions.", completion: .regions) var region: [ListArgument<String>] = []
    @Option(help: "Only of these instance types.") var type: [ListArgument<String>] = []
    @Option(help: "Only of these markets.") var market: [ListArgument<Market>] = []
    @Option(help: "Only those launched longer ago than this, as 36h.") var olderThan: DurationArgument?
    @Option(help: "Only those launched more recently than this, as 10m.") var youngerThan: DurationArgument?
    @OptionGroup var tables: TableOptions
    @OptionGroup var json: JSONOption

    private var name: String? { workerType?.name }

    func run() throws {
        let deployment = try common.deployment()
        let database = try deployment.openDatabase(.readOnly)
        try requireRegions(in: database, deployment)
        let now = Date()
        let (all, oldest) = try database.snapshot {
            (
                try InstanceWithLaunch.all(in: database, ownership: deployment.ownership),
                try database.regions.all().values.map(\.fetchedAt).min()
            )
        }
        if let name, !all.contains(where: { $0.workerType == name }) { try database.requireWorkerType(name) }
        let shown = all.filter { matches($0, now: now) }
        if json.isSet {
            return try Terminal.print(document: ["instances": .array(shown.map { $0.json(now: now) })])
        }
        var table = TextTable.instances
        for item in shown { table.add(item, now: now) }
        Terminal.print(table.shown(tables))
        Terminal.print(
            """
            \(shown.count) of \(all.count) instances\
            \(oldest.map { ", read \(RelativeTime.text(now.timeIntervalSince($0))) ago" } ?? "")
            """)
    }

    /// Throws for a region that is not managed and has no open launches.
    private func requireRegions(in database: ProvisionerDatabase, _ deployment: DeploymentContext) throws {
        let known = try RegionLine.all(in: database, managed: deployment.settings.regions).map(\.region)
        if let unknown = region.values().first(where: { !known.contains($0) }), !known.isEmpty {
            throw CommandFailure(
                .noInput, "there is no region \(unknown)" + NearestName.hint(unknown, among: known))
        }
    }

    private func matches(_ item: InstanceWithLaunch, now: Date) -> Bool {
        let age = now.timeIntervalSince(item.instance.launchTime)
        let (state, region, type) = (self.state.values(), self.region.values(), self.type.values())
        let market = self.market.values()
        return (name == nil || item.workerType == name)
            && (state.isEmpty ? item.instance.state != .terminated : state.contains(item.instance.state))
            && (region.isEmpty || region.contains(item.instance.pool.region))
            && (type.isEmpty || type.contains(item.instance.pool.instanceType))
            && (market.isEmpty || market.contains(item.market))
            && (olderThan.map { age > $0.seconds } ?? true)
            && (youngerThan.map { age < $0.seconds } ?? true)
    }
}

extension Instance.State: ExpressibleByArgument {}
extension Market: ExpressibleByArgument {}

extension InstanceWithLaunch {
    /// All instances of the last iteration, oldest first.
    static func all(in database: ProvisionerDatabase, ownership: Ownership) throws -> [InstanceWithLaunch] {
        try all(in: Array(try database.regions.all().values), database, ownership)
    }

    static func all(
        in states: [RegionState], _ database: ProvisionerDatabase, _ ownership: Ownership
    ) throws -> [InstanceWithLaunch] {
        // With the launches: EC2 shows the tags of a new instance late.
        try StoredFleet(database, ownership: ownership, regions: states).instances.sorted {
            ($0.instance.launchTime, $0.instance.id) < ($1.instance.launchTime, $1.instance.id)
        }
    }

    func json(now: Date) -> JSONValue {
        [
            "instanceId": .string(instance.id), "workerType": .string(workerType),
            "state": .string(instance.state.rawValue), "region": .string(instance.pool.region),
            "zone": .string(instance.pool.availabilityZone),
            "instanceType": .string(instance.pool.instanceType),
            "imageId": .string(instance.imageId), "market": .string(market.rawValue),
            "launchedAt": .string(instance.launchTime.timestamp),
            "ageSeconds": .integer(Int64(max(0, min(now.timeIntervalSince(instance.launchTime), 1e12)))),
            "spotUsdPerHour": launch.map { .number($0.spotPrice.usd) } ?? .null,
            "bidUsdPerHour": launch.map { .number($0.bidPrice.usd) } ?? .null,
            "checkedInAt": launch?.checkedInAt.map { .string($0.timestamp) } ?? .null,
            "spotRequestId": instance.spotRequestId.map(JSONValue.string) ?? .null,
        ]
    }
}

extension TextTable {
    static var instances: TextTable {
        TextTable("instance", "worker type", "state", "age", "zone", "type", "market", "USD/h", "checked in")
    }

    mutating func add(_ item: InstanceWithLaunch, now: Date) {
        let checkedIn = item.launch.map { $0.checkedInAt == nil ? "no" : "yes" }
        add(
            item.instance.id, item.workerType, item.instance.state.rawValue,
            RelativeTime.text(now.timeIntervalSince(item.instance.launchTime)),
            item.instance.pool.availabilityZone,
            item.instance.pool.instanceType, item.market.rawValue,
            item.spotPrice.map { $0.usd.formatted(decimals: 4) } ?? "-", checkedIn ?? "-")
    }
}
