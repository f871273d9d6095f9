import Domain
import FoundationEssentials
import TestSupport
import Testing

@Suite("The maximum age of an instance")
struct MaxLifeTests {
    @Test("An instance of exactly maxLife is kept, and an older instance is terminated")
    func bound() {
        let rules = ProvisioningRules()
        let ownership = Ownership(provisionerId: "p", keyPrefix: "p:")
        let instance = Instance(
            id: "i-1",
            pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge"),
            imageId: "ami-1", state: .running, launchTime: .start,
            tags: ownership.tags(workerType: "alpha", launchId: "l1"))
        let state = RegionState(
            region: "us-east-1", instances: [instance], spotRequests: [], availabilityZones: [],
            fetchedAt: .start)
        func reasons(age: Double) -> [TerminationPlan.Reason] {
            TerminationPlan(
                Fleet([state], ownership: ownership), present: ["alpha"], removed: [],
                launches: ["l1": FleetTests.launch("l1", checkedIn: .start)],
                rules: rules, now: .start.addingTimeInterval(age)
            ).terminations.map(\.reason)
        }
        #expect(reasons(age: rules.maxLife).isEmpty)
        #expect(reasons(age: rules.maxLife + 1) == [.maxLife])
    }
}
