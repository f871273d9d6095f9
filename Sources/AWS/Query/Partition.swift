/// A partition of AWS: a group of regions with its own accounts, ARNs and host names.
///
/// Source: `partitions.json` of the AWS SDKs. A test compares the table with that of botocore.
package struct Partition: Hashable, Sendable {
    /// The second part of ARNs, `aws-cn`.
    package let id: String
    /// The beginning of the names of its regions; empty for all regions of no other partition.
    private let regionPrefix: String
    package let dnsSuffix: String
    /// The suffix of host names with IPv4 and IPv6 addresses.
    package let dualStackDNSSuffix: String

    private static let commercial = Partition("aws", "", "amazonaws.com", "api.aws")

    package static let all = [
        commercial,
        Partition("aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        Partition("aws-us-gov", "us-gov-", "amazonaws.com", "api.aws"),
        Partition("aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
        Partition("aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
        Partition("aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
        Partition("aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
        Partition("aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    ]

    private init(_ id: String, _ regionPrefix: String, _ dnsSuffix: String, _ dualStackDNSSuffix: String) {
        self.id = id
        self.regionPrefix = regionPrefix
        self.dnsSuffix = dnsSuffix
        self.dualStackDNSSuffix = dualStackDNSSuffix
    }

    /// The partition of a region, by the name of the region.
    package init(ofRegion region: String) {
        let named = Self.all.first { !$0.regionPrefix.isEmpty && region.hasPrefix($0.regionPrefix) }
        self = named ?? Self.commercial
    }

    /// The part of a host name before the suffix of a partition; nil for a host outside AWS.
    package static func name(ofHost host: some StringProtocol) -> Substring? {
        // The longest suffix first: one suffix may end with another.
        let suffixes = Set(all.flatMap { [$0.dnsSuffix, $0.dualStackDNSSuffix] }).sorted {
            $0.count > $1.count
        }
        let suffix = suffixes.first { host.hasSuffix("." + $0) }
        return suffix.map { Substring(host.dropLast($0.count + 1)) }
    }
}
