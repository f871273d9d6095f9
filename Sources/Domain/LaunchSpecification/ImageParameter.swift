import Formats

/// A reference to an image by an SSM parameter that contains its id: `resolve:ssm:/images/worker`. RunInstances resolves
/// it for each launch.
package struct ImageParameter: Hashable, Sendable {
    private static let prefix = "resolve:ssm:"

    /// The name, which may end with a version or a label: `/images/worker:3`.
    package let name: String

    /// Nil for the id of an image.
    package init?(imageId: String) {
        guard imageId.hasPrefix(Self.prefix) else { return nil }
        name = String(imageId.dropFirst(Self.prefix.count))
    }

    /// The name or the ARN without a version and a label.
    package var nameWithoutVersion: String {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        return parts.prefix(name.hasPrefix("arn:") ? 6 : 1).joined(separator: ":")
    }

    /// Whether a value is the id of an image.
    package static func isImageId(_ value: String) -> Bool {
        value.hasPrefix("ami-") && value.count > 4
            && value.dropFirst(4).allSatisfy { $0.isASCII && ($0.isNumber || $0.isLetter) }
    }
}
