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
            EC2 is asked first: only what bears this deployment's tags is touched, and one id that does not stops it \
            all. With --worker-type its open spot requests are cancelled as well. The next iteration buys again what \
            the worker type then lacks: lower its maxCapacity, or remove it, if that is not wanted.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "Ids of instances.") var ids: [String] = []
    @Option(help: "All instances of this worker type.", completion: .workerTypes) var workerType: String?
    @Option(help: "Why, for the record.") var reason: String?
    @Flag(help: "Do not ask. Needed where there is no terminal.") var yes = false
    @Flag(help: "As JSON.") var json = false

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
        guard !regions.isEmpty else {
            throw CommandFailure(.configuration, "AWS_PROVISIONER_REGIONS (\"regions\") is required")
        }
        let database = try deployment.openDatabase(.full)
        let client = deployment.aws(ServiceCaller(http: deployment.interactiveHTTPClient())).ec2
        let states = try await read(regions, client, deployment.ownership)
        let doomed = try chosen(from: states, database, deployment.ownership)
        if doomed.isEmpty {
            if json { return try Terminal.print(json: ["terminated": [], "cancelled": []]) }
            return Terminal.print("nothing to terminate")
        }
        try confirm(doomed)
        var failures: [String: ServiceFailure] = [:]
        let byRegion = Dictionary(grouping: doomed.endings, by: \.region).sorted { $0.key < $1.key }
        for (region, endings) in byRegion {
            failures.merge(try await end(endings, region, client, database)) { first, _ in first }
        }
        let messages = failures.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        if json {
            func done(_ ids: [String]) -> JSONValue {
                .array(ids.filter { failures[$0] == nil }.map(JSONValue.string))
            }
            try Terminal.print(json: [
                "terminated": done(doomed.instances.map(\.instance.id)),
                "cancelled": done(doomed.requests.map(\.request.id)),
                "errors": .array(messages.map(JSONValue.string)),
            ])
        } else if failures.isEmpty {
            Terminal.print(TerminalText(doomed.text(done: true)))
        }
        if !messages.isEmpty { throw CommandFailure(.unavailable, messages) }
    }

    /// What is to go.
    private struct TerminationTargets {
        var instances: [InstanceWithLaunch] = []
        var requests: [Fleet.AttributedRequest] = []

        struct Ending {
            let id: String
            let region: String
            let workerType: String
            let kind: AuditEntry.Kind
        }

        var isEmpty: Bool { instances.isEmpty && requests.isEmpty }

        var endings: [Ending] {
            instances.map {
                Ending(
                    id: $0.instance.id, region: $0.instance.pool.region, workerType: $0.workerType,
                    kind: .instance)
            }
                + requests.map {
                    Ending(
                        id: $0.request.id, region: $0.request.region, workerType: $0.workerType,
                        kind: .spotRequest)
                }
        }

        func text(done: Bool) -> String {
            [
                instances.isEmpty
                    ? nil : "\(done ? "terminated" : "Terminate") \(Self.count(instances.count, "instance"))",
                requests.isEmpty
                    ? nil : "\(done ? "cancelled" : "cancel") \(Self.count(requests.count, "spot request"))",
            ].compactMap(\.self).joined(separator: " and ")
        }

        private static func count(_ count: Int, _ noun: String) -> String {
            "\(count) \(noun)\(count == 1 ? "" : "s")"
        }
    }

    /// What EC2 shows now. A region that does not answer stops it all: something in it could be meant.
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
        let alive = try InstanceWithLaunch.all(in: states, database, ownership).filter {
            $0.instance.state != .terminated && $0.instance.state != .shuttingDown
        }
        if let workerType {
            return TerminationTargets(
                instances: alive.filter { $0.workerType == workerType },
                requests: Fleet(states, ownership: ownership).requests.filter {
                    $0.workerType == workerType && $0.request.state == .open
                })
        }
        let known = Set(alive.map(\.instance.id))
        let strangers = Set(ids).subtracting(known).sorted()
        if !strangers.isEmpty {
            throw CommandFailure(
                .dataError, strangers.map { "\($0) is no live instance of this deployment: nothing was done" }
            )
        }
        return TerminationTargets(instances: alive.filter { ids.contains($0.instance.id) })
    }

    private func confirm(_ doomed: TerminationTargets) throws {
        if yes { return }
        guard Terminal.isInteractive else {
            throw CommandFailure(
                .usage, "\(doomed.text(done: false))? Say so with --yes: there is no terminal to ask")
        }
        var table = TextTable(
            "instance", "worker type", "state", "zone", "type", "market", "age", "USD/h", "checked in")
        for item in doomed.instances { table.add(item, now: Date()) }
        if !table.isEmpty { Terminal.print(table.shown()) }
        guard Terminal.confirm("\(doomed.text(done: false))?", standard: false) else {
            throw CommandFailure(.usage, "nothing was done")
        }
    }

    /// Ends what is in one region. It is on record before EC2 is called, and so is a failure.
    private func end(
        _ endings: [TerminationTargets.Ending], _ region: String, _ client: EC2Client,
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
    /// Rights that are wrong are for the operator; everything else may work later.
    var exit: SystemExit { kind == .unauthorized ? .configuration : .unavailable }
}
