import Domain
import Foundation
import Platform
import TestSupport
import Testing

@testable import Commands

@Suite("The targets of terminate")
struct TerminationTargetsTests {
    private static let pool = Pool(
        region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge")

    private func item(_ id: String, _ workerType: String, _ state: Instance.State) -> InstanceWithLaunch {
        InstanceWithLaunch(
            instance: Instance(id: id, pool: Self.pool, imageId: "ami-1", state: state, launchTime: .start),
            workerType: workerType, launch: nil)
    }

    private var instances: [InstanceWithLaunch] {
        [
            item("i-1", "alpha", .running), item("i-2", "alpha", .pending), item("i-3", "alpha", .terminated),
            item("i-4", "alpha", .shuttingDown), item("i-5", "beta", .running),
        ]
    }

    @Test("of a worker type are its live instances")
    func workerType() {
        let targets = TerminationTargets(workerType: "alpha", instances: instances, requests: [])
        #expect(targets.all.map(\.id) == ["i-1", "i-2"])
        #expect(targets.text(done: false) == "Terminate 2 instances")
        #expect(TerminationTargets(workerType: "gamma", instances: instances, requests: []).isEmpty)
    }

    @Test("by id are these instances alone")
    func ids() throws {
        let targets = try TerminationTargets(ids: ["i-5"], instances: instances)
        #expect(targets.all.map(\.id) == ["i-5"])
        #expect(targets.text(done: true) == "terminated 1 instance")
    }

    @Test("are none if one id is not of a live instance", arguments: ["i-3", "i-4", "i-9"])
    func unknown(id: String) {
        let error = #expect(throws: CommandFailure.self) {
            try TerminationTargets(ids: ["i-1", id], instances: instances)
        }
        #expect(error?.exit == .dataError)
        #expect(error?.messages.count == 1 && error?.message.contains(id) == true)
    }
}
