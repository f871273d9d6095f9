import CGI
import Domain
import Formats
import Foundation
import TestSupport
import Testing

@testable import API

@Suite("The schemas of the API")
struct SchemaTests {
    private let api: APIFixture

    init() throws { api = try APIFixture() }

    @Test("are served byte for byte as in Golden/schemas.txt")
    func bytes() throws {
        var served = ""
        for name in API.Schema.allCases.map(\.rawValue).sorted() {
            let path = "/schemas/aws-provisioner/v1/\(name).json"
            let request = CGIRequest(
                environment: ["REQUEST_METHOD": "GET", "PATH_INFO": path], trustProxy: false)
            let response = api.router().immediate(request, readBody: { _ in [] })
            #expect(response.status == 200, "\(path)")
            served += "\(path)\n\(response.text)\n"
        }
        let difference = try GoldenFile("schemas.txt").difference(from: served)
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test("have the id of their file, and refer to each other", arguments: API.Schema.allCases)
    func references(schema: API.Schema) {
        #expect(schema.content["$schema"] == "http://json-schema.org/draft-06/schema#")
        #expect(schema.content["$id"] == .string(schema.rawValue + ".json#"))
        func check(_ value: JSONValue) {
            if let reference = value["$ref"]?.stringValue {
                #expect(API.Schema.referenced(by: reference) != nil, "\(reference)")
            }
            value.objectValue?.values.forEach(check)
            value.arrayValue?.forEach(check)
        }
        check(.object(schema.content))
    }

    /// A definition with all members of its schema, and of the schemas that its schema refers to.
    private static let definition: JSONObject = {
        var definition = WorkerTypeDefinition.sample()
        definition.availabilityZones = [
            AvailabilityZoneConfiguration(
                region: "us-east-1", availabilityZone: "us-east-1a", launchSpec: [:], userData: [:],
                secrets: [:])
        ]
        return definition.json.objectValue ?? [:]
    }()

    /// Whether a definition is valid in which `object` stands at `list`, or in place of the definition.
    private static func isValid(_ object: JSONObject, at list: String?) -> Bool {
        var whole = object
        if let list {
            whole = definition
            whole[list] = [.object(object)]
        }
        return (try? WorkerTypeDefinition(validating: .object(whole))) != nil
    }

    @Test(
        "of definitions permit and require the same members as the validation",
        arguments: [
            (API.Schema.createWorkerType, nil), (.region, "regions"), (.instanceType, "instanceTypes"),
            (.availabilityZone, "availabilityZones"),
        ])
    func members(schema: API.Schema, list: String?) throws {
        let object =
            try list.map { try #require(Self.definition[$0]?.arrayValue?.first?.objectValue) }
            ?? Self.definition
        let content = JSONValue.object(schema.content)
        let required = try #require(content["required"]?.arrayValue).compactMap(\.stringValue)
        #expect(content["properties"]?.objectValue?.keys.sorted() == object.keys.sorted())
        #expect(content["additionalProperties"] == false)
        #expect(Self.isValid(object, at: list))
        for key in object.keys {
            var shorter = object
            shorter[key] = nil
            #expect(Self.isValid(shorter, at: list) == !required.contains(key), "\(key)")
        }
        var longer = object
        longer["another"] = 1
        #expect(!Self.isValid(longer, at: list))
    }

    @Test("have the limits of the validation")
    func limits() {
        func property(_ name: String, _ schema: API.Schema) -> JSONValue? {
            schema.content["properties"]?[name]
        }
        for schema in [API.Schema.createWorkerType, .workerType] {
            #expect(
                property("description", schema)?["maxLength"]
                    == .integer(Int64(DocumentLimits.descriptionLength)))
            #expect(property("owner", schema)?["maxLength"] == .integer(Int64(DocumentLimits.ownerLength)))
        }
        let length = DocumentLimits.nameLength
        for (name, schema) in [
            ("region", API.Schema.region), ("region", .availabilityZone),
            ("availabilityZone", .availabilityZone),
        ] {
            #expect(property(name, schema)?["pattern"] == .string("^[a-z0-9-]{1,\(length)}$"))
        }
        #expect(property("instanceType", .instanceType)?["pattern"] == .string("^[a-z0-9.-]{1,\(length)}$"))
    }
}

extension JSONValue {
    fileprivate subscript(key: String) -> JSONValue? { objectValue?[key] }
}
