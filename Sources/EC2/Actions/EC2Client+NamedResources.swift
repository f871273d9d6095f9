import AWS
package import Domain
import Formats

extension EC2Client {
    /// Returns those of the instance types that exist in the region.
    package func instanceTypes(_ names: [String], region: String) async throws -> [InstanceTypeSupport] {
        var found: [InstanceTypeSupport] = []
        for start in stride(from: 0, to: names.count, by: Self.instanceTypesPerPage) {
            let part = names[start...].prefix(Self.instanceTypesPerPage)
            var parameters = QueryParameters()
            parameters.add(filters: [("instance-type", Array(part))])
            found += try await pages(
                .describeInstanceTypes, parameters, region: region, size: Self.instanceTypesPerPage,
                records: Records(
                    path: ["instanceTypeSet", "item"],
                    names: [
                        "instanceType", "supportedBootModes", "processorInfo", "supportedArchitectures",
                        "networkInfo", "enaSupport", "vCpuInfo", "defaultVCpus", "item",
                    ]
                ) { record in
                    record.text("instanceType").map {
                        InstanceTypeSupport(
                            instanceType: $0,
                            architectures: record.texts("processorInfo", "supportedArchitectures", "item"),
                            requiresENA: record.text("networkInfo", "enaSupport") == "required",
                            bootModes: record.texts("supportedBootModes", "item"),
                            vCPUs: record.text("vCpuInfo", "defaultVCpus").flatMap(Int.init))
                    }
                })
        }
        return found
    }

    /// EC2's maximum for DescribeInstanceTypes.
    private static let instanceTypesPerPage = 100

    /// Returns the security groups that exist in the region, by `group-name` or `group-id`.
    package func existingSecurityGroups(
        _ values: [String], by filter: SecurityGroupKey, region: String
    ) async throws -> Set<String> {
        var parameters = QueryParameters()
        parameters.add(filters: [(filter.rawValue, values)])
        return Set(
            try await pages(
                .describeSecurityGroups, parameters, region: region,
                records: Records(path: ["securityGroupInfo", "item"], names: ["groupId", "groupName"]) {
                    record in
                    record.text(filter == .name ? "groupName" : "groupId")
                }))
    }

    /// The kind of a reference to a security group.
    package enum SecurityGroupKey: String, Sendable {
        case name = "group-name"
        case id = "group-id"
    }
}
