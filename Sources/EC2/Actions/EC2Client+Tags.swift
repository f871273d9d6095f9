import AWS

extension EC2Client {
    /// Puts tags on resources.
    package func createTags(_ tags: [String: String], on ids: [String], region: String) async throws {
        var parameters = QueryParameters()
        parameters.add(list: "ResourceId", ids)
        parameters.add(tags: tags, prefix: "")
        try await call(.createTags, parameters, region: region)
    }
}
