package import Formats

extension WorkerTypeDefinition {
    /// What of the definition cannot be asked for in a request mode, with its places; empty when all of it can.
    ///
    /// RequestSpotInstances knows less than RunInstances does. What it has no parameter for is refused rather than
    /// left out: an instance without it is another one than was asked for.
    package func launchProblems(in mode: RequestMode) -> [String] {
        guard mode == .requestSpotInstances, canUseSpot else { return [] }
        return launchSpecLayers.flatMap { layer in
            LaunchSpecification.unknownToSpotRequests(layer.specification).map { key in
                "\(layer.path).\(key): RequestSpotInstances has no such parameter; leave it out, or set "
                    + "requestMode to \(RequestMode.runInstances.rawValue)"
            }
        }
    }
}

extension LaunchSpecification {
    /// The places in a launch specification that RequestSpotInstances has no parameters for.
    package static func unknownToSpotRequests(_ specification: JSONObject) -> [String] {
        let keys = LaunchSpecificationSchema.launchSpecification.unknownToSpotRequests(
            .object(specification), at: "")
        // A request's tags are its own: instances and volumes do not inherit them.
        let tags = (specification["TagSpecifications"]?.arrayValue ?? []).enumerated().compactMap {
            index, tags in
            let type = tags.objectValue?["ResourceType"]?.stringValue
            return type == "spot-instances-request" ? nil : "TagSpecifications[\(index)] (\(type ?? "none"))"
        }
        return keys + tags
    }
}
