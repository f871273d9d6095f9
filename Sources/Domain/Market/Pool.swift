/// Where spot capacity is bought: one instance type in one availability zone of one region.
public struct Pool: Hashable, Codable, Sendable {
    public let region: String
    public let availabilityZone: String
    public let instanceType: String

    public init(region: String, availabilityZone: String, instanceType: String) {
        self.region = region
        self.availabilityZone = availabilityZone
        self.instanceType = instanceType
    }
}

extension Pool: Comparable {
    /// By region, then zone, then type: the order in which equal prices are taken.
    public static func < (left: Pool, right: Pool) -> Bool {
        (left.region, left.availabilityZone, left.instanceType)
            < (right.region, right.availabilityZone, right.instanceType)
    }
}

extension Pool: CustomStringConvertible {
    public var description: String { "\(availabilityZone) \(instanceType)" }
}
