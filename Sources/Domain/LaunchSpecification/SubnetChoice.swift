import Formats

/// The subnets of each zone for the launches of one worker type: the selected subnets that have free addresses and are not
/// held.
package struct SubnetChoice: Hashable, Sendable {
    /// By zone, with the most free addresses first. Other zones have no usable subnet.
    private let subnets: [String: [Subnet]]

    /// - Parameters:
    ///   - regions: the last known state of each region.
    ///   - holds: the active holds.
    package init(_ selection: SubnetSelection, in regions: some Sequence<RegionState>, holds: Holds) {
        let usable = regions.flatMap { state in
            (state.subnets ?? []).filter { subnet in
                selection.contains(subnet) && subnet.freeAddresses > 0
                    && !holds.holdsSubnet(subnet.id, in: state.region)
            }
        }
        subnets = Dictionary(grouping: usable, by: \.availabilityZone).mapValues {
            $0.sorted { ($1.freeAddresses, $0.id) < ($0.freeAddresses, $1.id) }
        }
    }

    /// The subnet of a zone with the most free addresses; nil for a zone without a usable subnet.
    package subscript(zone: String) -> String? { subnets[zone]?.first?.id }

    /// The usable subnets of a zone, with the most free addresses first.
    func subnets(of zone: String) -> [Subnet] { subnets[zone] ?? [] }
}

extension WorkerTypeDefinition {
    /// Whether a launch specification names its subnets, which takes precedence over the setting `subnets`.
    package var namesSubnets: Bool {
        launchSpecLayers.contains {
            $0.specification["SubnetId"] != nil || $0.specification["NetworkInterfaces"] != nil
        }
    }

    /// Why EC2 would refuse the chosen subnets; nil where it accepts them, and without a choice.
    var subnetProblem: String? {
        guard subnetChoice != nil,
            launchSpecLayers.contains(where: { $0.specification["SecurityGroups"] != nil })
        else { return nil }
        return
            "the setting subnets goes with SecurityGroupIds, not with SecurityGroups: name the groups by their ids"
    }
}

extension WorkerType {
    /// The worker type with the subnets that the setting `subnets` gives it.
    ///
    /// - Parameters:
    ///   - regions: the last known state of each region.
    ///   - holds: the active holds.
    package func choosingSubnets(
        in regions: some Sequence<RegionState>, holds: Holds, rules: ProvisioningRules
    ) -> WorkerType {
        guard let selection = rules.subnets[name], !definition.namesSubnets else { return self }
        var type = self
        type.definition.subnetChoice = SubnetChoice(selection, in: regions, holds: holds)
        return type
    }
}

extension WorkerTypeDecision.MarketView {
    /// The regions of a worker type without a usable subnet of the setting `subnets`.
    func subnetProblems(of type: WorkerType, rules: ProvisioningRules) -> [Problem] {
        guard let choice = type.definition.subnetChoice, let selection = rules.subnets[type.name] else {
            return []
        }
        return type.definition.regions.compactMap { region in
            guard let zones = zones[region.region], !zones.contains(where: { choice[$0] != nil }) else {
                return nil
            }
            return Problem(
                .warning,
                "\(region.region) has no subnet of the setting subnets (\(selection)) that is available, has free addresses "
                    + "and is not held")
        }
    }
}
