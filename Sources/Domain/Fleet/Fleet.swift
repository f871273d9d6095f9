/// All instances and spot requests of ours that EC2 shows, each with the worker type that it belongs to.
///
/// An instance that a spot request started does not inherit the request's tags: it is attributed by its request.
public struct Fleet: Sendable {
    public struct AttributedInstance: Sendable {
        public let instance: Instance
        public let workerType: String
        /// The launch that its tags, or its request's, name.
        public let launchId: String?
    }

    public struct AttributedRequest: Sendable {
        public let request: SpotRequest
        public let workerType: String
        public let launchId: String?
    }

    public private(set) var instances: [AttributedInstance] = []
    public private(set) var requests: [AttributedRequest] = []
    /// Instances that bear a key pair of ours and no tags: shown to the operator, and left alone.
    public private(set) var unattributed: [Instance] = []

    public init(_ states: some Sequence<RegionState>, ownership: Ownership) {
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
                if let workerType = ownership.workerType(of: tags) {
                    instances.append(
                        AttributedInstance(
                            instance: instance, workerType: workerType, launchId: tags[Ownership.Tag.launchId]
                        ))
                } else if instance.state != .terminated {
                    unattributed.append(instance)
                }
            }
        }
    }

    /// The ids of all launches that EC2 shows something of.
    public var launchIds: Set<String> {
        Set(instances.compactMap(\.launchId)).union(requests.compactMap(\.launchId))
    }
}
