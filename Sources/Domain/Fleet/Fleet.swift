/// All instances and spot requests of ours that EC2 shows, each with the worker type that it belongs to.
///
/// An instance that a spot request started does not inherit the request's tags: it is attributed by its request, or
/// by the launch that EC2 named its id or its client token to, which also holds while tags are not shown yet.
package struct Fleet: Sendable {
    package struct AttributedInstance: Sendable {
        package let instance: Instance
        package let workerType: String
        /// The launch that its tags, or its request's, name.
        package let launchId: String?
    }

    package struct AttributedRequest: Sendable {
        package let request: SpotRequest
        package let workerType: String
        package let launchId: String?
    }

    package private(set) var instances: [AttributedInstance] = []
    package private(set) var requests: [AttributedRequest] = []
    /// Instances with a key pair of this deployment and without its tags. They are shown to the operator and not changed.
    package private(set) var unattributed: [Instance] = []

    /// - Parameter launches: by id; those that may be behind what carries no tags.
    package init(
        _ states: some Sequence<RegionState>, ownership: Ownership, launches: [String: Launch] = [:]
    ) {
        let rows = LaunchRows(launches)
        for state in states {
            var requestTags: [String: [String: String]] = [:]
            for request in state.spotRequests {
                guard let workerType = ownership.workerType(of: request.tags) else { continue }
                requestTags[request.id] = request.tags
                requests.append(
                    AttributedRequest(
                        request: request, workerType: workerType,
                        launchId: request.tags[Ownership.Tag.launchId]))
            }
            for instance in state.instances {
                let inherited = instance.spotRequestId.flatMap { requestTags[$0] } ?? [:]
                let tags = ownership.workerType(of: instance.tags) == nil ? inherited : instance.tags
                let named = tags[Ownership.Tag.launchId] ?? inherited[Ownership.Tag.launchId]
                let row = named == nil ? rows.launch(behind: instance) : nil
                if let workerType = ownership.workerType(of: tags) ?? row?.workerType {
                    instances.append(
                        AttributedInstance(
                            instance: instance, workerType: workerType, launchId: named ?? row?.id))
                } else if instance.state != .terminated {
                    unattributed.append(instance)
                }
            }
        }
    }

    /// The ids of requests whose instance is shown, also while the request itself is still shown as open.
    var fulfilledRequests: Set<String> { Set(instances.compactMap(\.instance.spotRequestId)) }

    /// The ids of all launches that EC2 shows something of.
    package var launchIds: Set<String> {
        Set(instances.compactMap(\.launchId)).union(requests.compactMap(\.launchId))
    }
}

/// Launches by what ties an instance to them without its tags.
private struct LaunchRows {
    private let launches: [String: Launch]
    private var byInstance: [String: Launch] = [:]
    private var byRequest: [String: Launch] = [:]

    init(_ launches: [String: Launch]) {
        self.launches = launches
        for launch in launches.values {
            if let id = launch.instanceId { byInstance[id] = launch }
            if let id = launch.spotRequestId { byRequest[id] = launch }
        }
    }

    func launch(behind instance: Instance) -> Launch? {
        byInstance[instance.id] ?? instance.clientToken.flatMap { launches[$0] }
            ?? instance.spotRequestId.flatMap { byRequest[$0] }
    }
}
