import ArgumentParser
import Formats
import Testing

@testable import Commands

@Suite("The schemas of commands")
struct CommandSchemaTests {
    /// Members whose value may be anything: parts of definitions.
    private static let anything: JSONValue = [:]

    /// The properties of a schema that are values: all but arrays, objects and alternatives of objects.
    private func values(in part: JSONValue) -> [(name: String, schema: JSONObject)] {
        let properties = part.objectValue?["properties"]?.objectValue ?? [:]
        let own = properties.compactMap { name, schema -> (String, JSONObject)? in
            guard let object = schema.objectValue, schema != Self.anything, object["items"] == nil,
                object["anyOf"] == nil, object["properties"] == nil, object["deprecated"] == nil,
                object["type"] != "object"
            else { return nil }
            return (name, object)
        }
        let children = part.objectValue.map { Array($0.values) } ?? part.arrayValue ?? []
        return own + children.flatMap(values)
    }

    @Test("refer to one definition for all members of a name", arguments: CommandSchema.commands)
    func vocabulary(command: String) throws {
        let schema = try #require(CommandSchema.document(of: command))
        let definitions = schema["$defs"]?.objectValue ?? [:]
        // Amazon defines the members of a policy.
        for (name, value) in values(in: .object(schema)) where !["Version", "Statement"].contains(name) {
            let reference = value["$ref"]?.stringValue ?? ""
            let isObject = reference.dropFirst("#/$defs/".count).first?.isUppercase ?? false
            #expect(isObject || reference == "#/$defs/" + name, "\(name)")
        }
        for reference in references(in: .object(schema)) where reference.hasPrefix("#/") {
            #expect(definitions[String(reference.dropFirst("#/$defs/".count))] != nil, "\(reference)")
        }
    }

    private func references(in part: JSONValue) -> [String] {
        let own = [part.objectValue?["$ref"]?.stringValue].compactMap(\.self)
        let children = part.objectValue.map { Array($0.values) } ?? part.arrayValue ?? []
        return own + children.flatMap(references)
    }

    @Test("name the unit of a number of money or time, and end the name of a time with At or a preposition")
    func names() throws {
        for command in CommandSchema.commands {
            for (name, value) in try #require(
                CommandSchema.document(of: command)?["$defs"]?.objectValue ?? [:])
            {
                let isTime = value.objectValue?["format"] == "date-time"
                let times = ["at", "since", "until", "heldUntil", "expires"]
                #expect(isTime == (name.hasSuffix("At") || times.contains(name)), "\(name)")
                #expect(!name.hasSuffix("Price") && !name.hasSuffix("Time"), "\(name)")
            }
        }
    }

    @Test("keep the former members of iterate beside the present ones")
    func deprecated() {
        let document: JSONObject = [
            "workerTypes": [["bidCount": 2, "problems": ["a"]]],
            "bids": [
                ["spotUsdPerHour": 1, "effectiveUsdPerHour": 2, "bidUsdPerHour": 3, "problems": ["b"]],
                ["spotUsdPerHour": 1, "effectiveUsdPerHour": 2, "bidUsdPerHour": 3, "problems": []],
            ],
            "failures": [["subject": "queue alpha", "code": "c", "message": "m"]], "warnings": ["w"],
        ]
        let all = DeprecatedMembers.added(to: document)
        #expect(
            all["workerTypes"] == [["bidCount": 2, "bids": 2, "problems": ["a"], "errors": ["a"]]])
        let bids = (all["bids"]?.arrayValue ?? []).compactMap(\.objectValue)
        #expect(bids.map { $0["error"] } == ["b", nil])
        #expect(bids.first?["spotPrice"] == 1 && bids.first?["effectivePrice"] == 2)
        #expect(bids.first?["bidPrice"] == 3)
        #expect(
            all["errors"] == [
                ["subject": "queue alpha", "code": "c", "message": "m"],
                ["subject": "warning", "code": "warning", "message": "w"],
            ])
    }
}
