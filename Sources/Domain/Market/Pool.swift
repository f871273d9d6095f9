/// One instance type in one availability zone of one region.
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
    /// Orders by region, then zone, then type. The order decides between equal prices.
    package static func < (left: Pool, right: Pool) -> Bool {
        (left.region, left.availabilityZone, left.instanceType)
            < (right.region, right.availabilityZone, right.instanceType)
    }
}

extension Pool: CustomStringConvertible {
    package var description: String { "\(availabilityZone) \(instanceType)" }
}
