package import Formats

extension WorkerTypeDefinition {
    /// The members of the definition that a request mode does not support.
    ///
    /// RequestSpotInstances has fewer parameters than RunInstances. A definition with other members is refused: an
    /// instance without them would differ from the definition.
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
    /// The paths in a launch specification that RequestSpotInstances has no parameters for.
    package static func unknownToSpotRequests(_ specification: JSONObject) -> [String] {
        let keys = LaunchSpecificationSchema.launchSpecification.unknownToSpotRequests(
            .object(specification), at: "")
        // Instances and volumes do not inherit the tags of a request.
        let tags = (specification["TagSpecifications"]?.arrayValue ?? []).enumerated().compactMap {
            index, tags in
            let type = tags.objectValue?["ResourceType"]?.stringValue
            return type == "spot-instances-request" ? nil : "TagSpecifications[\(index)] (\(type ?? "none"))"
        }
        return keys + tags
    }
}
