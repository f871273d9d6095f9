import CGI
import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Definitions of the original service in the API")
struct OriginalDefinitionTests {
    /// Creates, reads, updates and previews a definition.
    private func check(_ definition: OriginalDefinition) throws {
        let api = try APIFixture()
        try api.add("team", ["*"])
        let team = APIFixture.Credentials("team")
        let path = "/worker-type/" + definition.name
        func send(_ method: String, _ path: String, _ body: JSONObject? = nil) throws -> JSONObject {
            let response = try api.send(method, path, body.map(JSONValue.object), as: team)
            #expect(response.status == 200, "\(definition.name): \(method) \(path): \(response.text)")
            return response.json
        }
        let created = try send("PUT", path, definition.request)
        #expect(definition.differences(from: created).isEmpty, "\(definition.name)")
        #expect(try send("PUT", path, definition.request) == created, "a repeated create changes nothing")
        let read = try send("GET", path)
        #expect(read == created)
        let answer = read.filter { !["workerType", "lastModified"].contains($0.key) }
        let updated = try send("POST", path + "/update", answer)
        #expect(definition.differences(from: updated).isEmpty, "\(definition.name)")
        let specifications = try send("GET", path + "/launch-specifications")
        let regions = definition.object["regions"]?.arrayValue ?? []
        #expect(
            Set(specifications.keys) == Set(regions.compactMap { $0.objectValue?["region"]?.stringValue }))
        for region in regions.compactMap(\.objectValue) {
            let types = specifications[region["region"]?.stringValue ?? ""]?.objectValue ?? [:]
            #expect(types.count == definition.object["instanceTypes"]?.arrayValue?.count)
            for type in types.values.compactMap(\.objectValue) {
                let launch = type["launchSpec"]?.objectValue ?? [:]
                #expect(launch["ImageId"] == region["launchSpec"]?.objectValue?["ImageId"])
                #expect(launch["MetadataOptions"] == nil)
            }
        }
    }

    @Test("come back as they were sent", arguments: OriginalDefinition.invented.map(\.name))
    func invented(name: String) throws {
        try check(try #require(OriginalDefinition.invented.first { $0.name == name }))
    }

    @Test("come back as they were sent when they are published ones; needs ../shared")
    func published() throws {
        for definition in OriginalDefinition.published(for: "published definitions in the API") {
            try check(definition)
        }
    }

    @Test("are refused in the form before June 2015 with a sentence that names it")
    func firstForm() throws {
        let api = try APIFixture()
        try api.add("team", ["*"])
        let response = try api.send(
            "PUT", "/worker-type/alpha", ["launchSpecification": [:], "maxCapacity": 1],
            as: APIFixture.Credentials("team"))
        #expect(response.status == 400)
        #expect(response.json["code"] == "InputValidationError")
        #expect(response.text.contains("the form of definitions before June 2015"))
    }
}
