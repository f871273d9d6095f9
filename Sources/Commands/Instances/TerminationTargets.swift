import Domain
import Platform
import Storage

/// The resources to terminate.
struct TerminationTargets {
    private(set) var instances: [InstanceWithLaunch] = []
    private(set) var requests: [Fleet.AttributedRequest] = []

    /// Selects the live instances and the open spot requests of a worker type.
    init(workerType: String, instances: [InstanceWithLaunch], requests: [Fleet.AttributedRequest]) {
        self.instances = instances.filter { $0.workerType == workerType && $0.isLive }
        self.requests = requests.filter { $0.workerType == workerType && $0.request.state == .open }
    }

    /// Selects instances by id. Throws if an id is not of a live instance of the deployment.
    init(ids: [String], instances: [InstanceWithLaunch]) throws {
        let live = instances.filter(\.isLive)
        let unknownIds = Set(ids).subtracting(live.map(\.instance.id)).sorted()
        if !unknownIds.isEmpty {
            throw CommandFailure(
                .dataError,
                unknownIds.map { "\($0) is no live instance of this deployment: nothing was done" })
        }
        self.instances = live.filter { ids.contains($0.instance.id) }
    }

    /// An instance or a spot request.
    struct Target {
        let id: String
        let region: String
        let workerType: String
        let kind: AuditEntry.Kind
    }

    var isEmpty: Bool { instances.isEmpty && requests.isEmpty }

    var all: [Target] {
        instances.map {
            Target(
                id: $0.instance.id, region: $0.instance.pool.region, workerType: $0.workerType,
                kind: .instance)
        }
            + requests.map {
                Target(
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

extension InstanceWithLaunch {
    /// Whether it can be terminated.
    fileprivate var isLive: Bool { instance.state != .terminated && instance.state != .shuttingDown }
}
