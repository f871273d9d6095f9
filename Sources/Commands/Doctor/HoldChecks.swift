import Configuration
import Domain
import FoundationEssentials
import Platform
import Reporting
import Storage

/// Checks what iterations found out about the account.
struct HoldChecks {
    let database: ProvisionerDatabase
    let ownership: Ownership

    /// The missing role of spot instances, and the instances of another deployment with the same provisionerId.
    func findings(now: Date) -> [Finding] {
        var findings: [Finding] = []
        let holds = (try? database.holds.all()) ?? []
        if let hold = holds.first(where: { $0.kind == .noSpotRole && $0.until > now }),
            let advice = hold.advice
        {
            findings.append(.failed("spot", "\(hold.code): \(advice)", .configuration))
        }
        guard let fleet = try? StoredFleet(database, ownership: ownership) else { return findings }
        let foreign = fleet.instances.filter { $0.launch == nil && !$0.instance.state.isEnding }
        if !foreign.isEmpty {
            findings.append(
                .note(
                    "fleet",
                    "\(foreign.count) instances have this deployment's tags, and this database did not launch them: "
                        + "a second deployment probably has the provisionerId \(ownership.provisionerId)"))
        }
        return findings
    }
}
