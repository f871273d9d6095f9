package import Domain
import EC2
import FoundationEssentials
import HTTPTransport

/// Looks up the images, security groups and launch templates of a definition in EC2, in all its managed regions
/// concurrently.
package struct LaunchCheck: Sendable {
    private let client: EC2Client
    private let regions: Set<String>
    private let templates: LaunchTemplateCheck

    package init(_ context: DeploymentContext) {
        regions = Set(context.settings.regions)
        let caller = ServiceCaller(http: context.interactiveHTTPClient())
        client = context.aws(caller).ec2
        templates = LaunchTemplateCheck(context, caller: caller)
    }

    package func problems(with definition: WorkerTypeDefinition) async throws -> [String] {
        do {
            return try await withThrowingTaskGroup(of: [String].self) { group in
                for named in definition.namedResources.sorted(by: { $0.key < $1.key })
                where regions.contains(named.key) {
                    group.addTask { try await missing(named.value, in: named.key) }
                }
                group.addTask { try await templates.problems(with: definition) }
                return try await group.reduce(into: []) { $0 += $1 }.sorted()
            }
        } catch let failure as ServiceFailure {
            throw LaunchCheckUnavailable("\(failure)")
        }
    }

    private func missing(_ named: NamedResources, in region: String) async throws -> [String] {
        async let images = existing(named.images) {
            try await client.existingImages($0, region: region)
        }
        async let names = existing(named.groupNames) {
            try await client.existingSecurityGroups($0, by: .name, region: region)
        }
        async let ids = existing(named.groupIds) {
            try await client.existingSecurityGroups($0, by: .id, region: region)
        }
        let lacking =
            named.images.subtracting(try await images).map { "image \($0)" }
            + named.groupNames.subtracting(try await names).map { "security group \($0)" }
            + named.groupIds.subtracting(try await ids).map { "security group \($0)" }
        return lacking.map { "\(region) has no \($0)" }
    }

    private func existing(
        _ wanted: Set<String>, _ ask: ([String]) async throws -> Set<String>
    ) async throws -> Set<String> {
        wanted.isEmpty ? [] : try await ask(wanted.sorted())
    }
}
