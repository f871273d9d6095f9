package import FoundationEssentials

/// The image that an SSM parameter contained when it was read last.
package struct ResolvedImage: Hashable, Sendable {
    package let region: String
    /// The `ImageId` of a definition, `resolve:ssm:/images/worker`.
    package let reference: String
    /// Nil if the parameter was never read.
    package let imageId: String?
    /// Why the last call returned no image id; nil if it returned one.
    package let failure: String?
    package let readAt: Date
    /// When the parameter is read again.
    package let nextRead: Date

    package init(
        region: String, reference: String, imageId: String?, failure: String?, readAt: Date, nextRead: Date
    ) {
        self.region = region
        self.reference = reference
        self.imageId = imageId
        self.failure = failure
        self.readAt = readAt
        self.nextRead = nextRead
    }

    /// Why the image may be wrong; nil after a successful call.
    package var problem: String? {
        failure.map { failure in
            "\(region): \(reference) could not be resolved (\(failure)), so that "
                + (imageId.map { "the last known image \($0) counts" } ?? "its image is unknown")
                + ": correct the parameter, or allow ssm:GetParameters, see doctor --iam-policy"
        }
    }
}
