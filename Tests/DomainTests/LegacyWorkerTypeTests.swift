import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@Suite("A document of the original service")
struct LegacyWorkerTypeTests {
    /// A response of the original service.
    private var document: JSONObject {
        var object = WorkerTypeDefinition.sample().json.objectValue ?? [:]
        object["workerType"] = "alpha"
        object["lastModified"] = "2018-03-01T10:00:00.000Z"
        return object
    }

    @Test("keeps its definition and its name, and removed members are reported")
    func answered() throws {
        let foreign = try LegacyWorkerTypeDocument(document)
        #expect(foreign.name == "alpha")
        #expect(try WorkerTypeDefinition(validating: .object(foreign.document)) == .sample())
        #expect(foreign.changes.count == 2)
        #expect(
            foreign.changes.contains { $0.hasPrefix("lastModified: \"2018-03-01T10:00:00.000Z\" left out") })
    }

    @Test("may spell canUseOndemand in the other way, or in both when they agree", arguments: [true, false])
    func spellings(value: Bool) throws {
        var object = document
        object["canUseOnDemand"] = .bool(value)
        object["canUseOndemand"] = nil
        let renamed = try LegacyWorkerTypeDocument(object)
        #expect(renamed.document["canUseOndemand"] == .bool(value))
        #expect(renamed.changes.contains("canUseOnDemand: renamed canUseOndemand (\(value))"))
        object["canUseOndemand"] = .bool(value)
        let both = try LegacyWorkerTypeDocument(object)
        #expect(both.document["canUseOndemand"] == .bool(value))
        #expect(both.document["canUseOnDemand"] == nil)
        #expect(both.changes.contains { $0.hasPrefix("canUseOnDemand: left out") })
        // The values differ in cost: the import does not guess.
        object["canUseOnDemand"] = .bool(!value)
        #expect(throws: WorkerTypeProblems.self) { try LegacyWorkerTypeDocument(object) }
    }

    @Test("may lack empty secrets, user data and scopes; each addition is reported with its path")
    func missing() throws {
        var object = document
        object["secrets"] = .null
        object["scopes"] = nil
        object["instanceTypes"] = [["instanceType": "c5.xlarge", "capacity": 1, "utility": 1]]
        object["regions"] = [
            ["region": "us-east-1", "launchSpec": ["ImageId": "ami-12c6146b"], "scopes": []]
        ]
        object["availabilityZones"] = [
            ["region": "us-east-1", "availabilityZone": "us-east-1a", "launchSpec": [:], "scopes": []]
        ]
        let foreign = try LegacyWorkerTypeDocument(object)
        #expect(try WorkerTypeDefinition(validating: .object(foreign.document)).scopes.isEmpty)
        for change in [
            "secrets: was null, now empty", "scopes: was missing, now empty",
            "instanceTypes[0].secrets: was missing, now empty", "regions[0].userData: was missing, now empty",
            "availabilityZones[0].scopes: left out: it is empty",
        ] {
            #expect(foreign.changes.contains(change))
        }
    }

    @Test(
        "gets nothing filled in that says how much may be bought",
        arguments: ["maxCapacity", "maxPrice", "scalingRatio"])
    func money(key: String) throws {
        var object = document
        object[key] = nil
        let foreign = try LegacyWorkerTypeDocument(object)
        #expect(throws: WorkerTypeProblems.self) {
            try WorkerTypeDefinition(validating: .object(foreign.document))
        }
    }

    @Test(
        "is refused in the form before June 2015 with one sentence that names it",
        arguments: [
            ("launchSpecification", ["launchSpecification": ["ImageId": "ami-1"]]),
            (
                "overwrites",
                ["regions": [["region": "us-east-1", "overwrites": ["ImageId": "ami-12c6146b"]]]]
            ),
            (
                "launchSpecification, overwrites",
                [
                    "launchSpecification": [:],
                    "instanceTypes": [
                        ["instanceType": "m3.large", "capacity": 1, "utility": 1, "overwrites": [:]]
                    ],
                ]
            ),
        ] as [(String, JSONObject)])
    func firstForm(members: String, changes: JSONObject) throws {
        let object = document.merging(changes) { _, new in new }
        let foreign = try LegacyWorkerTypeDocument(object)
        let error = #expect(throws: WorkerTypeProblems.self) {
            try WorkerTypeDefinition(validating: .object(foreign.document))
        }
        #expect(error?.problems.count == 1)
        #expect(error?.violatesSchema == true)
        #expect(
            error?.description.hasPrefix(
                "\(members): belongs to the form of definitions before June 2015, which is not supported")
                == true)
    }

    @Test("is refused with an invalid name")
    func name() {
        var object = document
        object["workerType"] = "no/name"
        #expect(throws: WorkerTypeProblems.self) { try LegacyWorkerTypeDocument(object) }
    }
}
