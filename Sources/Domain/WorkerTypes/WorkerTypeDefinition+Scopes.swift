import Algorithms

extension WorkerTypeDefinition {
    /// The scopes of all layers, without duplicates. A worker has some or all of them.
    package var scopesOfAllLayers: [String] {
        Array((scopes + instanceTypes.flatMap(\.scopes) + regions.flatMap(\.scopes)).uniqued())
    }
}
