/// The platform of an image, which determines the spot prices of its instances.
///
/// The raw values are those of the setting `platforms` and of stored rows.
package enum ImagePlatform: String, CaseIterable, Codable, Sendable {
    case linux
    case windows
    case redHat = "rhel"
    case suse

    /// The product description of DescribeSpotPriceHistory.
    package var productDescription: String {
        switch self {
        case .linux: "Linux/UNIX"
        case .windows: "Windows"
        case .redHat: "Red Hat Enterprise Linux"
        case .suse: "SUSE Linux"
        }
    }

    /// Both product descriptions of the platform. Accounts that had EC2-Classic still receive the second one. EC2-Classic
    /// itself is retired, so that both mean instances in a VPC, and no account has both prices of a pool.
    package var productDescriptions: [String] {
        [productDescription, productDescription + " (Amazon VPC)"]
    }
}

extension ImagePlatform: CustomStringConvertible {
    package var description: String { productDescription }
}

/// The platform details of an image, as DescribeImages states them: what EC2 bills for its instances.
package struct PlatformDetails: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// The platform details with spot prices of their own, and those whose license EC2 does not bill (BYOL), for which it
    /// charges the price of Linux/UNIX. Source: "AMI billing information fields" in the Amazon EC2 User Guide.
    private static let priced: [String: ImagePlatform] = [
        "Linux/UNIX": .linux, "Windows": .windows, "Red Hat Enterprise Linux": .redHat, "SUSE Linux": .suse,
        "Windows BYOL": .linux, "Red Hat BYOL Linux": .linux,
    ]

    /// The operating systems of other platform details, by their prefix: `Windows with SQL Server Standard`.
    private static let prefixes: [(prefix: String, platform: ImagePlatform)] = [
        ("Windows", .windows), ("Red Hat Enterprise Linux", .redHat), ("RHEL", .redHat), ("SUSE", .suse),
    ]

    /// Whether the spot price history has prices for exactly these details.
    package var hasSpotPrices: Bool { Self.priced[text] != nil }

    /// The platform whose spot prices apply, or come closest.
    package var platform: ImagePlatform {
        Self.priced[text] ?? Self.prefixes.first { text.hasPrefix($0.prefix) }?.platform ?? .linux
    }
}
