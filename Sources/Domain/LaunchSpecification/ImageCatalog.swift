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

    /// Why the platform may be wrong; nil if EC2 stated one that has spot prices.
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

/// The images that definitions name, by region and id.
package struct ImageCatalog: Sendable {
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

    package func image(_ id: String, in region: String) -> KnownImage? { images[region]?[id] }

    /// The platform of an image. Images that EC2 has not described count as Linux/UNIX.
    package func platform(of id: String, in region: String) -> ImagePlatform {
        image(id, in: region)?.platform ?? .linux
    }
}
