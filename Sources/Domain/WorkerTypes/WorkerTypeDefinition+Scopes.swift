extension WorkerTypeDefinition {
    /// The scopes of all layers, each once. A worker of this worker type gets some or all of them.
    package var scopesOfAllLayers: [String] {
        var seen: Set<String> = []
        return (scopes + instanceTypes.flatMap(\.scopes) + regions.flatMap(\.scopes))
            .filter { seen.insert($0).inserted }
    }
}
