/// A subnet in state `available`, as DescribeSubnets shows it.
package struct Subnet: Hashable, Codable, Sendable {
    package let id: String
    package let availabilityZone: String
    /// The number of IPv4 addresses that no resource uses.
    package let freeAddresses: Int
    package let tags: [String: String]

    package init(id: String, availabilityZone: String, freeAddresses: Int, tags: [String: String] = [:]) {
        self.id = id
        self.availabilityZone = availabilityZone
        self.freeAddresses = freeAddresses
        self.tags = tags
    }
}
