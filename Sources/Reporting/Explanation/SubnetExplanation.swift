package import Domain
import Formats

/// The subnets of the setting `subnets` for a worker type, with their free addresses.
package struct SubnetExplanation: Sendable {
    private let entries: [Entry]

    private struct Entry: Sendable {
        let region: String
        let subnet: Subnet
        let isChosen: Bool
    }

    /// - Parameters:
    ///   - regions: the last known state of each region.
    ///   - holds: the active holds.
    package init(
        _ type: WorkerType, regions: some Sequence<RegionState>, holds: Holds, rules: ProvisioningRules
    ) {
        let names = Set(type.definition.regions.map(\.region))
        let states = regions.filter { names.contains($0.region) }
        guard let selection = rules.subnets[type.name],
            let choice = type.choosingSubnets(in: states, holds: holds, rules: rules).definition.subnetChoice
        else {
            entries = []
            return
        }
        entries = states.flatMap { state in
            (state.subnets ?? []).filter(selection.contains).map { subnet in
                Entry(
                    region: state.region, subnet: subnet,
                    isChosen: choice[subnet.availabilityZone] == subnet.id)
            }
        }.sorted {
            ($0.region, $0.subnet.availabilityZone, $0.subnet.id)
                < ($1.region, $1.subnet.availabilityZone, $1.subnet.id)
        }
    }

    var lines: [String] {
        entries.map { entry in
            SafeText.escaped(
                "subnet of \(entry.subnet.availabilityZone): \(entry.subnet.id), \(entry.subnet.freeAddresses) free addresses"
                    + (entry.isChosen ? ", used now" : ""))
        }
    }

    var json: JSONValue {
        .array(
            entries.map { entry in
                [
                    "region": .string(entry.region), "zone": .string(entry.subnet.availabilityZone),
                    "subnetId": .string(entry.subnet.id),
                    "freeAddresses": .integer(Int64(entry.subnet.freeAddresses)),
                    "isUsed": .bool(entry.isChosen),
                ]
            })
    }
}
