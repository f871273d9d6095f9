/// An instance type whose processor is limited to a share of its speed, except for credits that it earns while idle.
///
/// Source: "Key concepts for burstable performance instances" in the Amazon EC2 User Guide.
package struct BurstableType: Hashable, Sendable {
    /// The sustained share of each vCPU, in percent; nil for an unknown size.
    package let sustainedPercent: Double?

    private static let percents: [Substring: Double] = [
        "nano": 5, "micro": 10, "small": 20, "medium": 20, "large": 30, "xlarge": 40, "2xlarge": 40,
    ]
    /// The sizes of T2 that differ.
    private static let percentsOfT2: [Substring: Double] = ["xlarge": 22.5, "2xlarge": 16.9]

    /// Returns nil for a type that is not burstable.
    package init?(_ instanceType: String) {
        let parts = instanceType.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let name = InstanceTypeName(instanceType), name.kind == "t" else {
            return nil
        }
        let own = name.generation == 2 ? Self.percentsOfT2[parts[1]] : nil
        sustainedPercent = own ?? Self.percents[parts[1]]
    }
}
