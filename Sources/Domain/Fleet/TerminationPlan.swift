package import FoundationEssentials

/// The instances to terminate and the requests to cancel, each with its reason, before anything is bought. It only
/// contains resources that this deployment's tags or launches identify.
package struct TerminationPlan: Sendable {
    package enum Reason: String, Codable, Sendable {
        case workerTypeRemoved = "worker type removed"
        case unknownWorkerType = "unknown worker type"
        case maxLife = "older than max life"
        case unclaimed = "secret expired unclaimed"
        case stopped = "stopped"
        case stalled = "request stalled"
        case surplus = "capacity no longer needed"
    }

    package struct Termination: Sendable {
        package let instance: Instance
        package let workerType: String
        package let launchId: String?
        package let reason: Reason
    }

    package struct Cancellation: Sendable {
        package let request: SpotRequest
        package let workerType: String
        package let reason: Reason
    }

    package private(set) var terminations: [Termination] = []
    package private(set) var cancellations: [Cancellation] = []
    /// Worker types in tags of this deployment, with their instances that this database did not launch: reported, and not
    /// terminated unless `terminateUnknown` is set. Neither an empty database nor a second deployment with the same
    /// provisionerId can terminate a fleet.
    package private(set) var unknown: [String: [String]] = [:]
    /// Instances with this deployment's key pair and without tags: reported, and not modified.
    package private(set) var unattributed: [Instance] = []

    /// - Parameters:
    ///   - readRegions: the regions that were read just now; resources elsewhere are not modified. Nil for all.
    ///   - present: worker types that are defined.
    ///   - removed: worker types that were defined and were removed.
    ///   - launches: by id.
    ///   - awaited: instances whose termination was requested so recently that it is not requested again.
    ///   - byAge: whether resources may end because of their age.
    package init(
        _ fleet: Fleet, readRegions: Set<String>? = nil, present: Set<String>, removed: Set<String>,
        launches: [String: Launch],
        awaited: Set<String> = [], byAge: Bool = true, rules: ProvisioningRules, now: Date
    ) {
        func isRead(_ region: String) -> Bool { readRegions?.contains(region) ?? true }
        unattributed = fleet.unattributed.filter { isRead($0.pool.region) }
        for item in fleet.instances
        where isRead(item.instance.pool.region) && !item.instance.state.isEnding
            && !awaited.contains(item.instance.id)
        {
            let launch = item.launchId.flatMap { launches[$0] }
            let reason: Reason
            if let orphan = orphan(
                item.workerType, isOurs: launch != nil, present: present, removed: removed, rules: rules)
            {
                reason = orphan
            } else if launch == nil && !rules.terminateUnknown || !present.contains(item.workerType) {
                unknown[item.workerType, default: []].append(item.instance.id)
                continue
            } else if !byAge {
                continue
            } else if now.timeIntervalSince(item.instance.launchTime) > rules.maxLife {
                reason = .maxLife
            } else if item.instance.state == .stopped || item.instance.state == .stopping,
                let since = launch?.stoppedSince, now.timeIntervalSince(since) > rules.stoppedInstanceLife
            {
                reason = .stopped
            } else if rules.terminateUnclaimed, let launch, launch.checkedInAt == nil,
                launch.secretExpires <= now
            {
                reason = .unclaimed
            } else {
                continue
            }
            terminations.append(
                Termination(
                    instance: item.instance, workerType: item.workerType, launchId: item.launchId,
                    reason: reason))
        }
        let fulfilled = fleet.fulfilledRequests
        for item in fleet.requests where isRead(item.request.region) {
            let isOurs = item.launchId.map { launches[$0] != nil } ?? false
            if let reason = orphan(
                item.workerType, isOurs: isOurs, present: present, removed: removed, rules: rules)
            {
                if item.request.state == .open || item.request.state == .active {
                    cancellations.append(
                        .init(request: item.request, workerType: item.workerType, reason: reason))
                }
            } else if byAge, item.request.state == .open, !fulfilled.contains(item.request.id),
                item.request.isStalled(now: now, rules: rules)
            {
                cancellations.append(
                    .init(request: item.request, workerType: item.workerType, reason: .stalled))
            }
        }
    }

    /// The reason to terminate a resource of a worker type that is not defined; nil where it is kept.
    ///
    /// - Parameter isOurs: whether this database launched the resource. Another deployment may have the same provisionerId.
    private func orphan(
        _ workerType: String, isOurs: Bool, present: Set<String>, removed: Set<String>,
        rules: ProvisioningRules
    ) -> Reason? {
        if present.contains(workerType) { return nil }
        if isOurs, removed.contains(workerType) { return .workerTypeRemoved }
        return rules.terminateUnknown ? .unknownWorkerType : nil
    }

    /// Selects open requests to cancel because less capacity is wanted: newest first, while their capacity fits.
    ///
    /// - Parameter launches: by id; they have the capacity of types that the worker type no longer lists.
    package static func surplus(
        of workerType: WorkerType, change: Int, fleet: Fleet, launches: [String: Launch] = [:],
        gone: Set<String>
    ) -> [Cancellation] {
        guard change < 0 else { return [] }
        var left = -change
        var surplus: [Cancellation] = []
        let fulfilled = fleet.fulfilledRequests
        let open = fleet.requests.filter {
            $0.workerType == workerType.name && $0.request.state == .open && !gone.contains($0.request.id)
                && !fulfilled.contains($0.request.id)
        }.sorted { ($0.request.createTime, $0.request.id) > ($1.request.createTime, $1.request.id) }
        let allowed = AllowedPools(of: workerType.definition)
        for item in open {
            let size = allowed.capacity(
                ofInstanceType: item.request.instanceType,
                launched: item.launchId.flatMap { launches[$0]?.capacity })
            if size > left { continue }
            left -= size
            surplus.append(.init(request: item.request, workerType: workerType.name, reason: .surplus))
        }
        return surplus
    }
}

extension SpotRequest {
    fileprivate func isStalled(now: Date, rules: ProvisioningRules) -> Bool {
        now.timeIntervalSince(createTime) > rules.stalledRequestAge
            || EC2Codes.isStalled(spotRequestStatus: statusCode)
    }
}
