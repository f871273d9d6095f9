import Formats
import Foundation
import TestSupport
import Testing

@testable import Domain

@Suite("Limits of documents")
struct DocumentLimitTests {
    private func document(_ changes: JSONObject) -> JSONValue {
        let object = WorkerTypeDefinition.sample().json.objectValue ?? [:]
        return .object(object.merging(changes, uniquingKeysWith: { _, new in new }))
    }

    private func error(_ changes: JSONObject) -> WorkerTypeProblems? {
        do throws(WorkerTypeProblems) {
            _ = try WorkerTypeDefinition(validating: document(changes))
            return nil
        } catch {
            return error
        }
    }

    private func problems(_ changes: JSONObject) -> [String] {
        error(changes)?.problems.map(\.description) ?? []
    }

    /// Nested empty objects.
    private func nested(_ depth: Int) -> JSONValue { depth == 0 ? 1 : ["a": nested(depth - 1)] }

    @Test("A definition has at most 16 levels of nesting")
    func depth() {
        #expect(problems(["userData": nested(15)]).isEmpty)
        #expect(
            problems(["userData": nested(16)]) == ["has 17 levels of nesting; at most 16 are allowed"])
        #expect(error(["userData": nested(16)])?.violatesSchema == false)
    }

    @Test("A definition has at most 256 KiB")
    func size() {
        let found = problems(["secrets": ["a": .string(String(repeating: "a", count: 256 << 10))]])
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix(" bytes of JSON; at most 262144 are allowed") == true)
        #expect(problems(["secrets": ["a": .string(String(repeating: "a", count: 200 << 10))]]).isEmpty)
    }

    @Test("Description and owner are bounded in characters, as the schema counts them")
    func texts() {
        let long = String(repeating: "é", count: 10_240)
        #expect(problems(["description": .string(long), "owner": .string(String(long.prefix(256)))]).isEmpty)
        #expect(
            problems(["description": .string(long + "x"), "owner": .string(String(long.prefix(257)))]) == [
                "description: has 10241 characters; at most 10240 are allowed",
                "owner: has 257 characters; at most 256 are allowed",
            ])
        #expect(error(["owner": .string(long)])?.violatesSchema == true)
    }

    @Test("A definition makes at most 2,000 pools, by its named zones")
    func pools() {
        func types(_ count: Int) -> [(String, Int, Double)] { (0..<count).map { ("c\($0).large", 1, 1) } }
        func regions(_ count: Int) -> [String] { (0..<count).map { "r-\($0)" } }
        var definition = WorkerTypeDefinition.sample(types: types(100), regions: regions(20))
        #expect(definition.poolCount == 2000)
        #expect(throws: Never.self) { try WorkerTypeDefinition(validating: definition.json) }
        definition.availabilityZones = ["a", "b"].map {
            AvailabilityZoneConfiguration(region: "r-0", availabilityZone: "r-0\($0)", launchSpec: [:])
        }
        #expect(definition.poolCount == 2100)
        #expect(definition.previewPools.count == 2100)
        let error = #expect(throws: WorkerTypeProblems.self) {
            try WorkerTypeDefinition(validating: definition.json)
        }
        #expect(
            error?.problems.map(\.description) == [
                "regions, availabilityZones and instanceTypes make 2100 pools; at most 2000 are allowed"
            ])
    }

    @Test("A launch specification has bounded strings and lists")
    func launchSpecification() {
        let long = String(repeating: "a", count: 2049)
        #expect(
            problems(["launchSpec": ["SubnetId": .string(long)]]) == [
                "launchSpec.SubnetId: has 2049 bytes; at most 2048 are allowed"
            ])
        #expect(
            problems(["launchSpec": ["AddressingType": .string(long)]]) == [
                "launchSpec.AddressingType: has 2049 bytes; at most 2048 are allowed"
            ])
        #expect(
            problems(["launchSpec": ["SecurityGroupIds": .array(Array(repeating: "sg", count: 257))]]) == [
                "launchSpec.SecurityGroupIds: has 257 elements; at most 256 are allowed"
            ])
    }

    @Test("An error lists at most 100 problems, and says that there are more")
    func listing() {
        let unknown = JSONObject(
            (0..<20_000).map { ("x\($0)", 0) }, uniquingKeysWith: { first, _ in first })
        let found = problems(unknown)
        #expect(found.count == 101)
        #expect(found.last == "more problems than the 100 above")
        #expect(problems(["launchSpec": .object(unknown)]).count == 101)
        #expect(problems(["instanceTypes": .array(Array(repeating: 0, count: 20_000))]).count == 101)
    }

    @Test("A secret has at most 64 KiB and 16 levels, and expires within 31 days")
    func secrets() throws {
        func problems(_ changes: JSONObject) -> [String] {
            let secret: JSONObject = [
                "workerType": "alpha", "secrets": [:], "scopes": [], "token": "AAAAAAAAQAKAAAAAAAAAAA",
                "expiration": .string(Date.start.addingTimeInterval(31 * 86_400).timestamp),
            ]
            let document = JSONValue.object(secret.merging(changes, uniquingKeysWith: { _, new in new }))
            do throws(WorkerTypeProblems) {
                _ = try SecretDocument(validating: document, now: .start)
                return []
            } catch {
                return error.violatesSchema ? ["form"] : error.problems.map(\.description)
            }
        }
        #expect(problems([:]).isEmpty)
        #expect(
            problems(["expiration": .string(Date.start.addingTimeInterval(31 * 86_400 + 1).timestamp)]) == [
                "expiration: must be at most 31 days ahead"
            ])
        #expect(problems(["secrets": nested(15)]).isEmpty)
        #expect(
            problems(["secrets": nested(16)]) == [
                "secrets: has more than the 15 levels of nesting that are allowed"
            ])
        #expect(problems(["secrets": ["a": .string(String(repeating: "a", count: 60_000))]]).isEmpty)
        let scopes = JSONValue.array(Array(repeating: "scope:x", count: 6000))
        #expect(
            problems(["scopes": scopes, "secrets": ["a": .string(String(repeating: "a", count: 10_000))]])
                == ["secrets: has with scopes 70009 bytes of JSON; at most 65536 are allowed"])
    }

    @Test("A stored definition is read by its structure alone")
    func stored() throws {
        var definition = WorkerTypeDefinition.sample(
            types: (0..<300).map { ("c\($0).large", 1, 1) }, regions: (0..<300).map { "r-\($0)" })
        definition.description = String(repeating: "a", count: 20_000)
        definition.launchSpec = ["Unknown": nested(20)]
        #expect(throws: WorkerTypeProblems.self) { try WorkerTypeDefinition(validating: definition.json) }
        #expect(try WorkerTypeDefinition(stored: definition.json) == definition)
        for broken: JSONValue in [[], [:], document(["regions": [1]]), document(["maxCapacity": "1"])] {
            #expect(throws: WorkerTypeProblems.self) { try WorkerTypeDefinition(stored: broken) }
        }
    }

    @Test("Published definitions are within all limits; needs ../shared")
    func published() throws {
        let folder = Paths.root + "/../shared/data/worker-types"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            $0.hasSuffix(".json")
        }
        guard !names.isEmpty else {
            print("NOT TESTED: published definitions are within all limits: there is no \(folder)")
            return
        }
        for name in names {
            let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
            let object = try #require(try JSONValue(parsing: data).objectValue)
            let foreign = try LegacyWorkerTypeDocument(object)
            let definition = try WorkerTypeDefinition(validating: .object(foreign.document))
            #expect(definition.poolCount <= 500, "\(name)")
        }
    }
}
