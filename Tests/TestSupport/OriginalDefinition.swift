package import Formats
import Foundation

/// A definition in the form that the original service answered.
package struct OriginalDefinition: Sendable {
    package let name: String
    package let path: String
    /// With `workerType` and `lastModified`.
    package let object: JSONObject

    /// The definition as a request carries it.
    package var request: JSONObject {
        object.filter { !["workerType", "lastModified"].contains($0.key) }
    }

    /// Definitions of this repository with the traits of published ones.
    package static let invented = all(in: Paths.root + "/Tests/TestSupport/definitions")

    private static let publishedFolder = Paths.root + "/../shared/data/worker-types"

    /// Published definitions with replaced values. Empty where they are not available; then the output names the test.
    package static func published(for test: String) -> [OriginalDefinition] {
        let definitions = all(in: publishedFolder)
        if definitions.isEmpty { print("NOT TESTED: \(test): there is no \(publishedFolder)") }
        return definitions
    }

    private static func all(in folder: String) -> [OriginalDefinition] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { file in
            let path = folder + "/" + file
            let value = FileManager.default.contents(atPath: path).flatMap { try? JSONValue(parsing: $0) }
            return OriginalDefinition(
                name: String(file.dropLast(".json".count)), path: path, object: value?.objectValue ?? [:])
        }
    }

    /// The members of a response that differ from this definition, apart from documented defaults.
    package func differences(from response: JSONObject) -> [String] {
        var expected = request
        for (key, value) in Self.defaults where expected[key] == nil { expected[key] = value }
        expected["availabilityZones"] = expected["availabilityZones"]?.arrayValue.map { zones in
            .array(
                zones.map { zone in
                    .object(
                        (zone.objectValue ?? [:]).merging(["userData": [:], "secrets": [:]]) { own, _ in own }
                    )
                })
        }
        expected["workerType"] = .string(name)
        expected["lastModified"] = response["lastModified"]
        return Set(expected.keys).union(response.keys).filter { expected[$0] != response[$0] }.sorted()
    }

    private static let defaults: JSONObject = [
        "availabilityZones": [], "minCapacity": 0, "canUseOndemand": false, "canUseSpot": true,
    ]
}
