import Domain
import FoundationEssentials

/// Reads the images of definitions that are unknown, or whose description is old.
///
/// A failure is no failed call of the iteration: the last known platforms apply.
struct ImageReader: Sendable {
    let ec2: any EC2Service
    /// The images that earlier iterations read.
    let known: ImageCatalog
    let rules: ProvisioningRules
    let now: Date

    /// Whether an image of a region must be read.
    func mustRead(_ images: Set<String>, in region: String) -> Bool { images.contains { isDue($0, region) } }

    private func isDue(_ id: String, _ region: String) -> Bool {
        known.image(id, in: region).map { $0.nextRead <= now } ?? true
    }

    /// Reads those of the images that must be read, with one call.
    func read(_ images: Set<String>, in region: String) async -> [KnownImage] {
        let ids = images.filter { isDue($0, region) }.sorted()
        if ids.isEmpty { return [] }
        let response = await Result { try await ec2.images(ids, region: region) }
        return ids.map { image($0, in: region, of: response) }
    }

    /// What a response says about an image.
    private func image(
        _ id: String, in region: String, of response: Result<[MachineImage], ServiceFailure>
    ) -> KnownImage {
        // The platform of an image never changes.
        let earlier = known.image(id, in: region)?.details
        // A missing image may be copied to the region, and a missing right may be added.
        let soon = now.addingTimeInterval(rules.priceCacheLife)
        switch response {
        case .success(let images):
            guard let image = images.first(where: { $0.id == id }) else {
                return KnownImage(region: region, id: id, details: earlier, readAt: now, nextRead: soon)
            }
            // EC2 states the platform details of every image. Other implementations of its API may not.
            let details = image.platformDetails ?? ImagePlatform.linux.productDescription
            return KnownImage(
                region: region, id: id, details: PlatformDetails(details), readAt: now,
                nextRead: now.addingTimeInterval(rules.imageCacheLife))
        case .failure(let failure):
            let isTransient = failure.kind == .unreachable || failure.kind == .throttled
            return KnownImage(
                region: region, id: id, details: earlier, failure: "\(failure)", readAt: now,
                nextRead: isTransient ? now : soon)
        }
    }
}
