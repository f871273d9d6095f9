package import FoundationEssentials

/// An image of a definition, as EC2 described it last.
package struct KnownImage: Hashable, Sendable {
    package let region: String
    package let id: String
    /// Nil if EC2 has not described the image.
    package let details: PlatformDetails?
    /// The failure of the last call; nil if EC2 responded.
    package let failure: String?
    package let readAt: Date
    /// When the image is read again.
    package let nextRead: Date

    package init(
        region: String, id: String, details: PlatformDetails?, failure: String? = nil, readAt: Date,
        nextRead: Date
    ) {
        self.region = region
        self.id = id
        self.details = details
        self.failure = failure
        self.readAt = readAt
        self.nextRead = nextRead
    }

    package var platform: ImagePlatform { details?.platform ?? .linux }

    /// The reason for which the platform may be wrong. Nil if EC2 stated a platform with spot prices.
    package var problem: String? {
        let reason: String
        switch (details, failure) {
        case (let details?, _) where details.hasSpotPrices: return nil
        case (let details?, _):
            reason = "the platform of the image \(id) is \(details.text), which has no spot prices of its own"
        case (nil, let failure?): reason = "the image \(id) could not be described (\(failure))"
        case (nil, nil): reason = "EC2 does not describe the image \(id)"
        }
        return
            "\(region): \(reason), so that the prices of \(platform) apply: correct the ImageId, or set the platform of "
            + "its worker types with the setting platforms"
    }
}

/// The images that definitions name, by region and id, and the images to which SSM parameters refer.
package struct ImageCatalog: Sendable {
    private var resolved: [String: [String: ResolvedImage]] = [:]
    private var images: [String: [String: KnownImage]] = [:]
    /// Whether all images have the platform Linux/UNIX.
    package private(set) var isLinuxOnly = true

    package init(_ images: some Sequence<KnownImage> = [KnownImage]()) {
        add(images)
    }

    package mutating func add(_ images: some Sequence<KnownImage>) {
        for image in images { add(image) }
    }

    private mutating func add(_ image: KnownImage) {
        images[image.region, default: [:]][image.id] = image
        if image.platform != .linux { isLinuxOnly = false }
    }

    package mutating func add(_ images: some Sequence<ResolvedImage>) {
        for image in images { resolved[image.region, default: [:]][image.reference] = image }
    }

    package func resolvedImage(_ reference: String, in region: String) -> ResolvedImage? {
        resolved[region]?[reference]
    }

    /// The id of an image that a definition names by its id or by an SSM parameter; nil if it is unknown.
    package func imageId(of reference: String, in region: String) -> String? {
        guard ImageParameter(imageId: reference) != nil else { return reference }
        return resolvedImage(reference, in: region)?.imageId
    }

    package func image(_ id: String, in region: String) -> KnownImage? { images[region]?[id] }

    /// Why images and their platforms may be wrong.
    ///
    /// - Parameter references: images as definitions name them.
    package func problems(of references: Set<String>, in region: String) -> [String] {
        let ids = Set(references.compactMap { imageId(of: $0, in: region) })
        return references.compactMap { resolvedImage($0, in: region)?.problem }
            + ids.compactMap { image($0, in: region)?.problem }
    }

    /// The platform of an image that a definition names. Images that EC2 has not described count as Linux/UNIX.
    package func platform(of reference: String, in region: String) -> ImagePlatform {
        imageId(of: reference, in: region).flatMap { image($0, in: region) }?.platform ?? .linux
    }
}
