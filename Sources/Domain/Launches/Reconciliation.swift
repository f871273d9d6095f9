import Formats
package import FoundationEssentials

/// The differences between the launches and the resources that EC2 shows.
package struct Reconciliation: Sendable {
    /// Launches whose record changes, with the new values.
    package private(set) var updates: [Launch] = []
    /// Launches that EC2 may not have received: the call is repeated with the same client token.
    package private(set) var repeats: [Launch] = []
    /// Instances of spot requests without the tags of their launch.
    package private(set) var untagged: [(instance: Instance, launch: Launch)] = []
    /// Launches that have just ended, with EC2's code.
    package private(set) var ended: [Launch] = []
    /// Launches by spot request whose instance EC2 shows for the first time: their pool has capacity.
    package private(set) var fulfilled: [Launch] = []
    /// Instances that EC2 reclaimed, as long as EC2 shows them.
    package private(set) var interruptions: [Interruption] = []

    /// - Parameters:
    ///   - launches: the launches that are open or shown by EC2.
    ///   - states: the regions that were read in this iteration; launches in other regions do not change.
    package init(launches: [Launch], states: [RegionState], now: Date, rules: ProvisioningRules) {
        let read = Set(states.map(\.region))
        let shown = ResourceIndex(states)
        for launch in launches where read.contains(launch.pool.region) {
            var updated = launch
            let request = shown.request(of: launch)
            let instance = shown.instance(of: launch, request: request)
            if let request { updated.spotRequestId = request.id }
            if let instance {
                updated.see(instance, now: now, secretLife: rules.secretLife)
                if instance.tags[Ownership.Tag.launchId] == nil, !instance.state.isEnding {
                    untagged.append((instance, updated))
                }
                if launch.startedAt == nil, launch.market == .spot, launch.mode == .requestSpotInstances,
                    !instance.state.isEnding
                {
                    fulfilled.append(updated)
                }
            } else if let request {
                updated.see(request, now: now, patience: rules.unseenLaunchLife)
            } else {
                updated.miss(now: now, patience: rules.unseenLaunchLife)
                let mayRepeat = now.timeIntervalSince(launch.createdAt) <= rules.unseenLaunchLife
                if updated.state == .stored, mayRepeat { repeats.append(updated) }
            }
            if let interruption = Interruption(updated, instance: instance, request: request, now: now) {
                interruptions.append(interruption)
            }
            if updated.state == .ended, !launch.state.isFinal { ended.append(updated) }
            if updated != launch { updates.append(updated) }
        }
    }
}

/// An index of the resources that EC2 shows, by the ids that refer to launches.
private struct ResourceIndex {
    private var instances: [String: Instance] = [:]
    private var instancesByLaunch: [String: Instance] = [:]
    private var instancesByRequest: [String: Instance] = [:]
    private var requests: [String: SpotRequest] = [:]
    private var requestsByLaunch: [String: SpotRequest] = [:]

    init(_ states: [RegionState]) {
        for state in states {
            for instance in state.instances {
                instances[instance.id] = instance
                if let id = instance.tags[Ownership.Tag.launchId] ?? instance.clientToken {
                    instancesByLaunch[id] = instance
                }
                if let id = instance.spotRequestId { instancesByRequest[id] = instance }
            }
            for request in state.spotRequests {
                requests[request.id] = request
                if let id = request.tags[Ownership.Tag.launchId] { requestsByLaunch[id] = request }
            }
        }
    }

    func request(of launch: Launch) -> SpotRequest? {
        requestsByLaunch[launch.id] ?? launch.spotRequestId.flatMap { requests[$0] }
    }

    func instance(of launch: Launch, request: SpotRequest?) -> Instance? {
        instancesByLaunch[launch.id] ?? launch.instanceId.flatMap { instances[$0] }
            ?? request?.instanceId.flatMap { instances[$0] }
            // An instance can be shown before its request.
            ?? launch.spotRequestId.flatMap { instancesByRequest[$0] }
    }
}

extension Launch {
    /// Records that EC2 shows its instance.
    fileprivate mutating func see(_ instance: Instance, now: Date, secretLife: TimeInterval) {
        instanceId = instance.id
        seenAt = seenAt ?? now
        missingSince = nil
        if startedAt == nil {
            // A launch that EC2 took late has the same time to boot. EC2's clock may be ahead.
            let taken = min(instance.launchTime, now)
            secretExpires = max(secretExpires, taken.addingTimeInterval(secretLife).wholeMilliseconds)
        }
        startedAt = startedAt ?? instance.launchTime
        let isStopped = instance.state == .stopping || instance.state == .stopped
        stoppedSince = isStopped ? stoppedSince ?? now : nil
        if instance.state == .terminated {
            if !state.isFinal { end(code: instance.stateReason ?? "terminated", now: now) }
        } else {
            // A lost launch whose instance EC2 shows becomes visible again.
            state = .visible
            endedAt = nil
            errorCode = nil
            errorMessage = nil
        }
    }

    /// Records that EC2 shows its request, and no instance.
    fileprivate mutating func see(_ request: SpotRequest, now: Date, patience: TimeInterval) {
        switch request.state {
        case .open:
            seenAt = seenAt ?? now
            missingSince = nil
            state = .visible
            endedAt = nil
        case .active, .disabled:
            // Fulfilled: EC2 shows the instance later, or it has ended.
            instanceId = request.instanceId ?? instanceId
            seenAt = seenAt ?? now
            if !state.isFinal { state = .visible }
            miss(now: now, patience: patience)
        case .closed, .cancelled, .failed:
            instanceId = request.instanceId ?? instanceId
            if request.instanceId != nil, !EC2Codes.isTermination(spotRequestStatus: request.statusCode) {
                // The request may have been cancelled while EC2 fulfilled it: the instance may be alive.
                miss(now: now, patience: patience)
            } else if !state.isFinal {
                end(code: request.statusCode, now: now)
            }
        }
    }

    /// Records that EC2 shows neither its instance nor its request.
    fileprivate mutating func miss(now: Date, patience: TimeInterval) {
        switch state {
        case .stored, .submitted:
            if now.timeIntervalSince(submittedAt ?? createdAt) > patience {
                state = .lost
                endedAt = now
                errorCode = "unseen"
                errorMessage = "EC2 did not show it within \(Int(patience)) s"
            }
        case .visible:
            // Pages can change while they are read: EC2 can miss an instance in one response.
            let since = missingSince ?? now
            missingSince = since
            if now.timeIntervalSince(since) > patience { end(code: "vanished", now: now) }
        case .failed, .lost, .ended:
            break
        }
    }

    private mutating func end(code: String, now: Date) {
        state = .ended
        endedAt = now
        errorCode = code
    }
}
