import Domain
import FoundationEssentials
import Simulation

/// A provisioner that knows the state of its cloud and tries every pool in every minute. The work that its instances do
/// is what the cloud would have given.
struct ReferenceProvisioner {
    let cloud: SoakCloud
    let members: [SoakFleet.Member]
    private var launches = 0

    init(_ cloud: SoakCloud, members: [SoakFleet.Member]) {
        self.cloud = cloud
        self.members = members
    }

    /// Launches the missing capacity of each worker type.
    mutating func provision() {
        let working = cloud.world.workingInstances
        var (live, booting): ([String: Int], [String: Int]) = ([:], [:])
        for instance in cloud.launchedInstances {
            guard let name = instance.tags[Ownership.Tag.name] else { continue }
            let capacity = instance.tags["Capacity"].flatMap(Int.init) ?? 1
            live[name, default: 0] += capacity
            if !working.contains(instance.id) { booting[name, default: 0] += capacity }
        }
        for member in members where member.condition.isHealthy {
            let name = member.name
            // The Queue of the reference has no outages.
            let pending = cloud.world.pendingTasks(provisionerId: "", workerType: name)
            provision(
                min(
                    pending - booting[name, default: 0],
                    member.definition.maxCapacity - live[name, default: 0]), for: member)
        }
    }

    private mutating func provision(_ capacity: Int, for member: SoakFleet.Member) {
        var missing = capacity
        for region in member.definition.regions.map(\.region) {
            for zone in SoakFleet.zones[region] ?? [] {
                for type in member.definition.instanceTypes {
                    let pool = Pool(region: region, availabilityZone: zone, instanceType: type.instanceType)
                    while missing >= type.capacity {
                        guard launch(in: pool, capacity: type.capacity, for: member) else { break }
                        missing -= type.capacity
                    }
                    if missing <= 0 { return }
                }
            }
        }
    }

    /// Launches an instance, with repetitions after a fault of a single call.
    private mutating func launch(in pool: Pool, capacity: Int, for member: SoakFleet.Member) -> Bool {
        for _ in 0..<3 {
            launches += 1
            let token = "reference-\(launches)"
            let userData =
                "{\"securityToken\": \"t\", \"workerType\": \"\(member.name)\", \"capacity\": \(capacity)}"
            let request = LaunchRequest(
                clientToken: token, pool: pool, market: .spot, mode: .runInstances, bidPrice: Price(usd: 10),
                launchSpecification: [:], userData: userData,
                tags: [Ownership.Tag.name: member.name, "Capacity": String(capacity)],
                validUntil: cloud.world.now)
            do {
                _ = try cloud.launch(request, isRetried: true)
                return true
            } catch let failure as ServiceFailure where failure.leavesOpen {
                continue
            } catch {
                return false
            }
        }
        return false
    }
}
