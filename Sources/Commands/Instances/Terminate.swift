import ArgumentParser
import Configuration
import Domain
import EC2
import Formats
import FoundationEssentials
import HTTPTransport
import Platform
import Storage

struct Terminate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminate", abstract: "Terminate instances now, by id or all of a worker type.",
        discussion: """
            Reads the instances from EC2 first. Only resources with this deployment's tags are terminated. If one id is \
            of another resource, nothing is terminated. With --worker-type, open spot requests are cancelled as well. The next \
            iteration replaces the capacity if it is still needed: lower maxCapacity or remove the worker type to \
            prevent that.

            Example: aws-provisioner terminate --worker-type build-linux --reason "broken image"
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "Ids of instances.", completion: .instances) var ids: [String] = []
    @Option(name: .customLong("worker-type"), help: "All instances of this worker type.")
    var workerTypeArgument: WorkerTypeArgument?
    @Option(help: "The reason, for the record.") var reason: String?
    @Flag(help: "Do not ask for confirmation. Required without a terminal.") var yes = false
    @OptionGroup var json: JSONOption

    private var workerType: String? { workerTypeArgument?.name }

    func validate() throws {
        guard ids.isEmpty != (workerType == nil) else {
            throw ValidationError("name ids of instances, or a worker type with --worker-type")
        }
        for id in ids where !InstanceId.isValid(id) {
            throw ValidationError("\(id) is not the id of an instance: it must match \(InstanceId.pattern)")
        }
    }

    func run() async throws {
        let deployment = try common.deployment()
        let regions = deployment.settings.regions
        let database = try deployment.openDatabase(.full)
        if let workerType { try database.requireWorkerType(workerType) }
        guard !regions.isEmpty else {
            throw CommandFailure(.configuration, "AWS_PROVISIONER_REGIONS (\"regions\") is required")
        }
        let client = deployment.aws(ServiceCaller(http: deployment.interactiveHTTPClient())).ec2
        let states = try await read(regions, client, deployment.ownership)
        let targets = try chosen(from: states, database, deployment.ownership)
        if targets.isEmpty {
            if json.isSet {
                return try Terminal.print(document: ["terminated": [], "cancelled": [], "problems": []])
            }
            return Terminal.print("nothing to terminate")
        }
        try confirm(targets)
        var failures: [String: ServiceFailure] = [:]
        let byRegion = Dictionary(grouping: targets.all, by: \.region).sorted { $0.key < $1.key }
        for (region, endings) in byRegion {
            failures.merge(try await end(endings, region, client, database)) { first, _ in first }
        }
        let messages = failures.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        if json.isSet {
            func done(_ kind: AuditEntry.Kind, _ idMember: String) -> JSONValue {
                .array(
                    targets.all.filter { $0.kind == kind && failures[$0.id] == nil }.map {
                        [
                            idMember: .string($0.id), "region": .string($0.region),
                            "workerType": .string($0.workerType),
                        ]
                    })
            }
            try Terminal.print(document: [
                "terminated": done(.instance, "instanceId"),
                "cancelled": done(.spotRequest, "spotRequestId"),
                "problems": .array(messages.map(JSONValue.string)),
            ])
        } else if failures.isEmpty {
            Terminal.print(TerminalText(targets.text(done: true)))
        }
        if !messages.isEmpty { throw CommandFailure(.unavailable, messages) }
    }

    /// The current state of all regions. Throws if one cannot be read: a target may be in it.
    private func read(
        _ regions: [String], _ client: EC2Client, _ ownership: Ownership
    ) async throws -> [RegionState] {
        do {
            return try await withThrowingTaskGroup(of: RegionState.self) { group in
                for region in regions {
                    group.addTask {
                        try await client.regionState(region, ownership: ownership, now: Date())
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        } catch let failure as ServiceFailure {
            throw CommandFailure(failure.exit, "EC2: \(failure)")
        }
    }

    private func chosen(
        from states: [RegionState], _ database: ProvisionerDatabase, _ ownership: Ownership
    ) throws -> TerminationTargets {
        let instances = try InstanceWithLaunch.all(in: states, database, ownership)
        if let workerType {
            return TerminationTargets(
                workerType: workerType, instances: instances,
                requests: Fleet(states, ownership: ownership).requests)
        }
        return try TerminationTargets(ids: ids, instances: instances)
    }

    private func confirm(_ targets: TerminationTargets) throws {
        if yes { return }
        guard Terminal.isInteractive else {
            throw CommandFailure(
                .usage, "\(targets.text(done: false))? Say so with --yes: there is no terminal to ask")
        }
        var table = TextTable.instances
        for item in targets.instances { table.add(item, now: Date()) }
        if !table.isEmpty { Terminal.print(table.shown()) }
        try Terminal.requireConfirmation("\(targets.text(done: false))?")
    }

    /// Terminates the targets in one region. Requests are recorded before EC2 is called, and failures after.
    private func end(
        _ endings: [TerminationTargets.Target], _ region: String, _ client: EC2Client,
        _ database: ProvisionerDatabase
    ) async throws -> [String: ServiceFailure] {
        let note = "by hand" + (reason.map { ": \($0)" } ?? "")
        let steps:
            [(AuditEntry.Kind, AuditEntry.Action, ([String]) async throws -> [String: ServiceFailure])] = [
                (.instance, .terminated, { try await client.terminateInstances($0, region: region) }),
                (.spotRequest, .cancelled, { try await client.cancelSpotRequests($0, region: region) }),
            ]
        var failures: [String: ServiceFailure] = [:]
        for (kind, action, call) in steps {
            let items = endings.filter { $0.kind == kind }
            if items.isEmpty { continue }
            try database.audit.record(
                action, kind, items.map { ($0.id, $0.workerType) }, note: note,
                by: .operator(by: "terminate"), now: Date())
            var refused: [String: ServiceFailure] = [:]
            do {
                refused = try await call(items.map(\.id))
            } catch let failure as ServiceFailure {
                for item in items { refused[item.id] = failure }
            }
            for item in items {
                guard let failure = refused[item.id] else { continue }
                failures[item.id] = failure
                try database.audit.record(
                    action, kind, [(item.id, item.workerType)], note: "\(note): failed: \(failure.code)",
                    by: .operator(by: "terminate"), now: Date())
            }
        }
        return failures
    }
}

extension ServiceFailure {
    /// Missing rights need a change of the configuration; other failures may be transient.
    var exit: SystemExit { isMisconfiguration ? .configuration : .unavailable }
}
