import Algorithms

extension WorkerTypeDefinition {
    /// The scopes of all layers, each once. A worker of this worker type gets some or all of them.
    package var scopesOfAllLayers: [String] {
        Array((scopes + instanceTypes.flatMap(\.scopes) + regions.flatMap(\.scopes)).uniqued())
    }
}
