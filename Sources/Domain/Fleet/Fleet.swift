/// The instances and spot requests of this deployment that EC2 shows, each with its worker type.
///
/// An instance that a spot request started does not inherit the request's tags: it is attributed by its request,
/// or by the launch with its id or client token. The latter works before EC2 shows the tags.
package struct Fleet: Sendable {
    package struct AttributedInstance: Sendable {
        package let instance: Instance
        package let workerType: String
        /// The id of the launch in its tags or in the tags of its request.
        package let launchId: String?
    }

    package struct AttributedRequest: Sendable {
        package let request: SpotRequest
        package let workerType: String
        package let launchId: String?
    }

    package private(set) var instances: [AttributedInstance] = []
    package private(set) var requests: [AttributedRequest] = []
    /// Instances with this deployment's key pair and without tags: reported, and not modified.
    package private(set) var unattributed: [Instance] = []

    /// - Parameter launches: by id; they attribute resources without tags.
    package init(
        _ states: some Sequence<RegionState>, ownership: Ownership, launches: [String: Launch] = [:]
    ) {
        let index = LaunchIndex(launches)
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
                let launch = named == nil ? index.launch(of: instance) : nil
                if let workerType = ownership.workerType(of: tags) ?? launch?.workerType {
                    instances.append(
                        AttributedInstance(
                            instance: instance, workerType: workerType, launchId: named ?? launch?.id))
                } else if instance.state != .terminated {
                    unattributed.append(instance)
                }
            }
        }
    }

    /// The ids of requests whose instance EC2 shows, also while it still shows the request as open.
    var fulfilledRequests: Set<String> { Set(instances.compactMap(\.instance.spotRequestId)) }

    /// The ids of launches whose instance or request EC2 shows.
    package var launchIds: Set<String> {
        Set(instances.compactMap(\.launchId)).union(requests.compactMap(\.launchId))
    }
}

/// An index of launches by instance, client token and spot request.
private struct LaunchIndex {
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

    func launch(of instance: Instance) -> Launch? {
        byInstance[instance.id] ?? instance.clientToken.flatMap { launches[$0] }
            ?? instance.spotRequestId.flatMap { byRequest[$0] }
    }
}
