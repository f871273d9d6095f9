import CGI
import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

@Suite("The state of a worker type in the API")
struct StateTests {
    private static let large = Pool(
        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.4xlarge")
    private static let retired = Pool(
        region: "us-east-1", availabilityZone: "us-east-1b", instanceType: "m1.small")

    private let api: APIFixture

    init() throws {
        api = try APIFixture()
        let definition = WorkerTypeDefinition.sample(types: [("c5.xlarge", 1, 1), ("c5.4xlarge", 4, 1)])
        _ = try api.database.workerTypes.create("alpha", definition, by: .program, now: .start)
    }

    private func list(_ instances: [Instance], requests: [SpotRequest] = []) throws {
        try api.database.regions.save([
            RegionState(
                region: "us-east-1", instances: instances, spotRequests: requests, availabilityZones: [],
                fetchedAt: .start)
        ])
    }

    private func instance(_ id: String, _ pool: Pool, launch: String? = nil) -> Instance {
        var tags = [Ownership.Tag.owner: "p", Ownership.Tag.workerType: "p/alpha"]
        tags[Ownership.Tag.launchId] = launch
        return Instance(
            id: id, pool: pool, imageId: "ami-listed", state: .running, launchTime: .start, tags: tags)
    }

    private func state() throws -> (
        instances: [JSONObject], tracked: [JSONObject], summary: JSONObject
    ) {
        let response = try api.send("GET", "/state/alpha")
        #expect(response.status == 200)
        func objects(_ key: String) -> [JSONObject] {
            response.json[key]?.arrayValue?.compactMap(\.objectValue) ?? []
        }
        return (
            objects("instances"), objects("internalTrackedRequests"),
            response.json["summary"]?.objectValue ?? [:]
        )
    }

    @Test("has the capacity of each instance, 1 for a type that the definition no longer lists")
    func capacity() throws {
        try list([instance("i-1", Self.large), instance("i-2", Self.retired)])
        let state = try state()
        #expect(state.instances.map { $0["capacity"] } == [4, 1])
        #expect(state.summary["runningCapacity"] == 5)
    }

    @Test("lists a launch with an instance as pending until EC2 lists the instance")
    func launched() throws {
        try api.storeLaunch(
            "answered", token: "t", pool: Self.large, state: .submitted, instanceId: "i-1",
            spotRequestId: "sir-1")
        var state = try state()
        #expect(
            state.instances == [
                [
                    "id": "i-1", "srId": "sir-1", "ami": "ami-12c6146b", "type": "c5.4xlarge",
                    "region": "us-east-1", "zone": "us-east-1a", "state": "pending",
                    "launch": .string(Date.start.timestamp), "capacity": 4,
                ]
            ])
        #expect(state.tracked.isEmpty)
        try list([instance("i-1", Self.large, launch: "answered")])
        state = try self.state()
        #expect(state.instances.map { $0["ami"] } == ["ami-listed"])
        #expect(state.instances.map { $0["state"] } == ["running"])
    }

    @Test("does not list one instance twice while EC2 shows it without its tags")
    func untagged() throws {
        try api.storeLaunch("answered", token: "t", pool: Self.large, state: .submitted, instanceId: "i-1")
        var listed = instance("i-1", Self.large)
        listed.tags = [:]
        try list([listed])
        #expect(try state().instances.map { $0["ami"] } == ["ami-listed"])
    }

    @Test("tracks launches without an instance: not yet answered, or answered with a spot request")
    func tracked() throws {
        try api.storeLaunch("open", token: "t1", state: .stored)
        try api.storeLaunch("requested", token: "t2", state: .submitted, spotRequestId: "sir-1")
        try api.storeLaunch("missing", token: "t3", state: .visible, instanceId: "i-9")
        try api.storeLaunch("failed", token: "t4", state: .failed)
        let state = try state()
        #expect(state.instances.isEmpty)
        #expect(Set(state.tracked.map { $0["id"] }) == ["open", "sir-1", "i-9"])
    }

    @Test("has no image for a launch of a replaced definition")
    func replacedDefinition() throws {
        try api.storeLaunch(
            "answered", token: "t", state: .submitted, instanceId: "i-1",
            definitionModified: .start.addingTimeInterval(-60))
        #expect(try state().instances.map { $0["ami"] } == [""])
    }
}
