import AWS
package import Domain
import Formats

extension EC2Client {
    /// EC2's maximum of values in a filter.
    private static let imagesPerCall = 200

    /// Returns those of the images that exist in the region, deprecated ones included: EC2 launches them by their id.
    package func images(_ ids: [String], region: String) async throws -> [MachineImage] {
        var found: [MachineImage] = []
        for start in stride(from: 0, to: ids.count, by: Self.imagesPerCall) {
            var parameters = QueryParameters()
            parameters.add(filters: [("image-id", Array(ids[start...].prefix(Self.imagesPerCall)))])
            parameters.add("IncludeDeprecated", "true")
            found += try await call(
                .describeImages, parameters, region: region, records: Self.images
            ).items
        }
        return found
    }

    private static var images: Records<MachineImage> {
        Records(
            path: ["imagesSet", "item"],
            names: ["imageId", "architecture", "enaSupport", "bootMode", "platformDetails"]
        ) { record in
            record.text("imageId").map {
                MachineImage(
                    id: $0, architecture: record.text("architecture"),
                    enaSupport: record.text("enaSupport").map { $0 == "true" },
                    bootMode: record.text("bootMode"), platformDetails: record.text("platformDetails"))
            }
        }
    }
}
