import Domain
import FoundationEssentials

/// Reads the images of definitions that are unknown, or whose description is old, and the SSM parameters that refer to
/// images.
///
/// A failure is no failed call of the iteration: the last known platforms apply.
struct ImageReader: Sendable {
    let ec2: any EC2Service
    /// Nil where no SSM parameters can be read.
    let parameters: (any ParameterService)?
    /// The images that earlier iterations read.
    let known: ImageCatalog
    let rules: ProvisioningRules
    let now: Date

    /// Whether an image of a region must be read.
    ///
    /// - Parameter images: as definitions name them, by their ids or by SSM parameters.
    func mustRead(_ images: Set<String>, in region: String) -> Bool {
        !dueReferences(images, region).isEmpty || !dueIds(images, region, known).isEmpty
    }

    private func dueReferences(_ images: Set<String>, _ region: String) -> [(String, ImageParameter)] {
        images.compactMap { image in
            guard let parameter = ImageParameter(imageId: image),
                known.resolvedImage(image, in: region).map({ $0.nextRead <= now }) ?? true
            else { return nil }
            return (image, parameter)
        }
    }

    private func dueIds(_ images: Set<String>, _ region: String, _ catalog: ImageCatalog) -> [String] {
        Set(images.compactMap { catalog.imageId(of: $0, in: region) }).filter { id in
            known.image(id, in: region).map { $0.nextRead <= now } ?? true
        }.sorted()
    }

    /// Reads those of the images and parameters that must be read, with one call for each kind.
    func read(_ images: Set<String>, in region: String) async -> Reading {
        var reading = Reading()
        reading.resolved = await resolve(dueReferences(images, region), in: region)
        var catalog = known
        catalog.add(reading.resolved)
        let ids = dueIds(images, region, catalog)
        if ids.isEmpty { return reading }
        let response = await Result { try await ec2.images(ids, region: region) }
        reading.images = ids.map { image($0, in: region, of: response) }
        return reading
    }

    private func resolve(
        _ references: [(text: String, parameter: ImageParameter)], in region: String
    ) async -> [ResolvedImage] {
        guard let parameters, !references.isEmpty else { return [] }
        let names = Set(references.map(\.parameter.name)).sorted()
        let response = await Result { try await parameters.values(of: names, region: region) }
        return references.map { text, parameter in
            let earlier = known.resolvedImage(text, in: region)?.imageId
            let value: String?
            let failure: String?
            switch response {
            case .success(let values):
                value = values[parameter.name].flatMap { ImageParameter.isImageId($0) ? $0 : nil }
                failure =
                    value != nil
                    ? nil
                    : values[parameter.name] == nil
                        ? "the parameter does not exist" : "the parameter contains no image id"
            case .failure(let reason): (value, failure) = (nil, "\(reason)")
            }
            return ResolvedImage(
                region: region, reference: text, imageId: value ?? earlier, failure: failure, readAt: now,
                nextRead: now.addingTimeInterval(rules.priceCacheLife))
        }
    }

    /// The images and parameters that were read.
    struct Reading: Sendable {
        var images: [KnownImage] = []
        var resolved: [ResolvedImage] = []
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
