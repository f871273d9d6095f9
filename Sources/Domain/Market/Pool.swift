/// Where spot capacity is bought: one instance type in one availability zone of one region.
package struct Pool: Hashable, Codable, Sendable {
    package let region: String
    package let availabilityZone: String
    package let instanceType: String

    package init(region: String, availabilityZone: String, instanceType: String) {
        self.region = region
        self.availabilityZone = availabilityZone
        self.instanceType = instanceType
    }
}

extension Pool: Comparable {
    /// By region, then zone, then type: the order in which equal prices are taken.
    package static func < (left: Pool, right: Pool) -> Bool {
        (left.region, left.availabilityZone, left.instanceType)
            < (right.region, right.availabilityZone, right.instanceType)
    }
}

extension Pool: CustomStringConvertible {
    package var description: String { "\(availabilityZone) \(instanceType)" }
}
