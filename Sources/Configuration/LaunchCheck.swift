package import Domain
import EC2
import FoundationEssentials
import HTTPTransport

/// Looks up the images, security groups and launch templates of a definition in EC2, in all its managed regions
/// concurrently, and compares the images with the instance types.
package struct LaunchCheck: Sendable {
    private let client: EC2Client
    private let parameters: any ParameterService
    private let regions: Set<String>
    private let templates: LaunchTemplateCheck

    /// The result of a check.
    package struct Findings: Hashable, Sendable {
        /// Reasons for which EC2 would refuse each launch.
        package var problems: [String] = []
        /// Comparisons that were not possible.
        package var notes: [String] = []
    }

    package init(_ context: DeploymentContext) {
        regions = Set(context.settings.regions)
        let caller = ServiceCaller(http: context.interactiveHTTPClient())
        let aws = context.aws(caller)
        (client, parameters) = (aws.ec2, aws.parameters)
        templates = LaunchTemplateCheck(context, caller: caller)
    }

    package func findings(on definition: WorkerTypeDefinition) async throws -> Findings {
        do {
            return try await withThrowingTaskGroup(of: Findings.self) { group in
                for named in definition.namedResources.sorted(by: { $0.key < $1.key })
                where regions.contains(named.key) {
                    group.addTask { try await compare(definition, named.value, in: named.key) }
                }
                group.addTask { Findings(problems: try await templates.problems(with: definition)) }
                var all = try await group.reduce(into: Findings()) { all, found in
                    all.problems += found.problems
                    all.notes += found.notes
                }
                all.problems.sort()
                all.notes.sort()
                return all
            }
        } catch let failure as ServiceFailure {
            throw LaunchCheckUnavailable("\(failure)")
        }
    }

    private func compare(
        _ definition: WorkerTypeDefinition, _ named: NamedResources, in region: String
    ) async throws -> Findings {
        let (images, unresolved) = try await resolved(named.images, in: region)
        async let described = found(Set(images.values)) { try await client.images($0, region: region) }
        async let names = existing(named.groupNames) {
            try await client.existingSecurityGroups($0, by: .name, region: region)
        }
        async let ids = existing(named.groupIds) {
            try await client.existingSecurityGroups($0, by: .id, region: region)
        }
        async let types = types(of: definition, in: region)
        let existing = try await described
        let lacking =
            Set(images.values).subtracting(existing.map(\.id)).map { "image \($0)" }
            + named.groupNames.subtracting(try await names).map { "security group \($0)" }
            + named.groupIds.subtracting(try await ids).map { "security group \($0)" }
        var findings = Findings(problems: lacking.map { "\(region) has no \($0)" } + unresolved)
        if let types = try await types {
            findings.problems += definition.imageProblems(
                in: region, images: existing, types: types, resolved: images)
        } else {
            findings.notes.append(
                "\(region): images were not compared with instance types, because the right "
                    + "ec2:DescribeInstanceTypes is missing: see doctor --iam-policy")
        }
        return findings
    }

    /// The ids of images as the definition names them, and why others have none.
    private func resolved(
        _ images: Set<String>, in region: String
    ) async throws -> (ids: [String: String], problems: [String]) {
        let references = images.compactMap { image in
            ImageParameter(imageId: image).map { (text: image, name: $0.name) }
        }
        let values =
            references.isEmpty
            ? [:] : try await parameters.values(of: Set(references.map(\.name)).sorted(), region: region)
        var ids = Dictionary(images.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
        var problems: [String] = []
        for (text, name) in references {
            ids[text] = values[name].flatMap { ImageParameter.isImageId($0) ? $0 : nil }
            if values[name] == nil {
                problems.append("\(region) has no SSM parameter \(name)")
            } else if ids[text] == nil {
                problems.append("\(region): the SSM parameter \(name) contains no image id")
            }
        }
        return (ids, problems)
    }

    /// The instance types that start images of the definition in a region. Nil without the right to read them, which earlier
    /// versions did not need.
    private func types(
        of definition: WorkerTypeDefinition, in region: String
    ) async throws -> [InstanceTypeSupport]? {
        let names = Set(definition.imageUses.lazy.filter { $0.region == region }.map(\.instanceType))
        do {
            return try await found(names) { try await client.instanceTypes($0, region: region) }
        } catch let failure as ServiceFailure where failure.kind == .unauthorized {
            return nil
        }
    }

    private func found<Item>(
        _ wanted: Set<String>, _ read: ([String]) async throws -> [Item]
    ) async throws -> [Item] {
        wanted.isEmpty ? [] : try await read(wanted.sorted())
    }

    private func existing(
        _ wanted: Set<String>, _ read: ([String]) async throws -> Set<String>
    ) async throws -> Set<String> {
        wanted.isEmpty ? [] : try await read(wanted.sorted())
    }
}
