package import Domain
import EC2
import FoundationEssentials
package import HTTPTransport

/// Reads the launch templates of a definition in the managed regions, and compares them with it.
package struct LaunchTemplateCheck: Sendable {
    private let client: EC2Client
    private let regions: Set<String>
    private let metadataTokens: MetadataTokens

    package init(_ context: DeploymentContext) {
        self.init(context, caller: ServiceCaller(http: context.interactiveHTTPClient()))
    }

    package init(_ context: DeploymentContext, caller: ServiceCaller) {
        client = context.aws(caller).ec2
        regions = Set(context.settings.regions)
        metadataTokens = context.settings.rules.metadataTokens
    }

    /// The templates that a region does not have, and the conflicts of the others with the definition. Throws a
    /// `ServiceFailure` when EC2 cannot be asked.
    package func problems(with definition: WorkerTypeDefinition) async throws -> [String] {
        let found = try await templates(of: definition)
        let missing = definition.launchTemplates.filter { regions.contains($0.key) }.flatMap {
            region, named in
            named.subtracting((found[region] ?? []).map(\.reference)).map {
                "\(region) has no launch template \($0)"
            }
        }
        return missing.sorted() + definition.conflicts(with: found, metadataTokens: metadataTokens)
    }

    /// The templates that the managed regions have, by region.
    package func templates(of definition: WorkerTypeDefinition) async throws -> [String: [LaunchTemplate]] {
        let wanted = definition.launchTemplates.filter { regions.contains($0.key) }
            .flatMap { region, named in named.map { (region, $0) } }
        return try await withThrowingTaskGroup(of: (String, LaunchTemplate?).self) { group in
            for (region, reference) in wanted {
                group.addTask {
                    (region, try await client.launchTemplate(reference, region: region))
                }
            }
            return try await group.reduce(into: [:]) { found, item in
                if let template = item.1 { found[item.0, default: []].append(template) }
            }
        }
    }
}
