import AWS
package import Domain
import Formats

extension EC2Client {
    /// Reads the subnets of a region in state `available`, all pages.
    package func subnets(region: String) async throws -> [Subnet] {
        var parameters = QueryParameters()
        parameters.add(filters: [("state", ["available"])])
        return try await pages(
            .describeSubnets, parameters, region: region,
            records: Records(
                path: ["subnetSet", "item"],
                names: [
                    "subnetId", "availabilityZone", "availableIpAddressCount", "tagSet", "item", "key",
                    "value",
                ]
            ) { record in
                guard let id = record.text("subnetId"), let zone = record.text("availabilityZone"),
                    let free = record.text("availableIpAddressCount").flatMap({ Int($0) })
                else {
                    throw XMLError(description: "a subnet lacks its id, zone or number of free addresses")
                }
                return Subnet(id: id, availabilityZone: zone, freeAddresses: free, tags: record.tags())
            }
        ).sorted { $0.id < $1.id }
    }
}
