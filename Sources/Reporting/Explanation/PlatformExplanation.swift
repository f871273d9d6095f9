package import Domain
import Formats

/// The platforms of a worker type in its regions, and their sources.
package struct PlatformExplanation: Sendable {
    private let entries: [Entry]

    /// The platform of one image, or of a region.
    private struct Entry: Sendable {
        let region: String
        let platform: ImagePlatform
        /// The image as the definition names it.
        let reference: String?
        let imageId: String?
        let details: PlatformDetails?
        let source: Source

        var text: String {
            let image =
                reference == imageId
                ? imageId ?? "" : "\(reference ?? ""), now \(imageId ?? "unknown")"
            return switch source {
            case .setting: "set by platforms"
            case .image:
                "image \(image)" + (details.map { $0.text == "\(platform)" ? "" : ": \($0.text)" } ?? "")
            case .none: reference == nil ? "no image" : "image \(image), which EC2 has not described"
            }
        }
    }

    private enum Source: String { case setting, image, none }

    package init(_ type: WorkerType, catalog: ImageCatalog, rules: ProvisioningRules) {
        let given = rules.platforms[type.name]
        let images = PoolImages(of: type.definition)
        entries = type.definition.regions.flatMap { region -> [Entry] in
            let region = region.region
            let ids = images.images(in: region).sorted()
            if given != nil || ids.isEmpty {
                return [
                    Entry(
                        region: region, platform: given ?? .linux, reference: nil, imageId: nil, details: nil,
                        source: given == nil ? .none : .setting)
                ]
            }
            return ids.map { reference in
                let id = catalog.imageId(of: reference, in: region)
                let details = id.flatMap { catalog.image($0, in: region) }?.details
                return Entry(
                    region: region, platform: details?.platform ?? .linux, reference: reference, imageId: id,
                    details: details,
                    source: details == nil ? .none : .image)
            }
        }
    }

    var lines: [String] {
        entries.map { SafeText.escaped("platform of \($0.region): \($0.platform) (\($0.text))") }
    }

    var json: JSONValue {
        .array(
            entries.map { entry in
                [
                    "region": .string(entry.region), "platform": .string(entry.platform.rawValue),
                    "source": .string(entry.source.rawValue),
                    "image": entry.reference.map(JSONValue.string) ?? .null,
                    "resolvedImage": entry.imageId.map(JSONValue.string) ?? .null,
                    "platformDetails": entry.details.map { .string($0.text) } ?? .null,
                ]
            })
    }
}
