import Domain

extension EC2Client {
    /// Cancels spot requests; those that are gone already are no error.
    public func cancelSpotRequests(_ ids: [String], region: String) async throws {
        try await act(.cancelSpotInstanceRequests, "SpotInstanceRequestId", on: ids, region: region)
    }

    /// Terminates instances; those that are gone already are no error.
    public func terminateInstances(_ ids: [String], region: String) async throws {
        try await act(.terminateInstances, "InstanceId", on: ids, region: region)
    }

    /// Puts tags on resources.
    public func createTags(_ tags: [String: String], on ids: [String], region: String) async throws {
        var parameters = QueryParameters()
        parameters.add(list: "ResourceId", ids)
        parameters.add(tags: tags, prefix: "")
        try await call(.createTags, parameters, region: region)
    }

    /// Names up to 100 at a time. One that EC2 does not know refuses them all: they are then named one by one.
    private func act(_ action: Action, _ parameter: String, on ids: [String], region: String) async throws {
        for start in stride(from: 0, to: ids.count, by: 100) {
            let batch = Array(ids[start..<min(start + 100, ids.count)])
            var parameters = QueryParameters()
            parameters.add(list: parameter, batch)
            do {
                try await call(action, parameters, region: region)
            } catch let failure as ServiceFailure where failure.kind == .notFound {
                if batch.count > 1 {
                    for id in batch { try await act(action, parameter, on: [id], region: region) }
                }
            }
        }
    }
}
