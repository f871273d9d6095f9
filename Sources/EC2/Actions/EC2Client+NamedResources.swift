import AWS
import Domain
import Formats

extension EC2Client {
    /// Returns the ids of the images that exist in the region.
    package func existingImages(_ ids: [String], region: String) async throws -> Set<String> {
        var parameters = QueryParameters()
        parameters.add(filters: [("image-id", ids)])
        return Set(
            try await call(
                .describeImages, parameters, region: region,
                records: Records(path: ["imagesSet", "item"], names: ["imageId"]) { $0.text("imageId") }
            ).items)
    }

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
