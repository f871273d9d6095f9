package import FoundationEssentials

/// What EC2 shows, held against what was launched: which launches moved on, which have to be called again.
package struct Reconciliation: Sendable {
    /// Launches whose row changes, as it should stand now.
    package private(set) var updates: [Launch] = []
    /// Launches that EC2 may never have heard of: the call is made again with the same client token.
    package private(set) var repeats: [Launch] = []
    /// Instances that a spot request started, and the launch whose tags they lack.
    package private(set) var untagged: [(instance: Instance, launch: Launch)] = []
    /// Launches that came to their end just now, with EC2's code for why.
    package private(set) var ended: [Launch] = []
    /// Launches by spot request whose instance EC2 shows for the first time: their pool had something to give.
    package private(set) var fulfilled: [Launch] = []
    /// Instances that EC2 took back, for as long as EC2 says so.
    package private(set) var interruptions: [Interruption] = []

    /// - Parameters:
    ///   - launches: those that are open, and those that EC2 shows something of.
    ///   - states: the regions that were read just now; launches elsewhere stay as they are.
    package init(launches: [Launch], states: [RegionState], now: Date, rules: ProvisioningRules) {
        let read = Set(states.map(\.region))
        let shown = Sightings(states)
        for launch in launches where read.contains(launch.pool.region) {
            var updated = launch
            let request = shown.request(of: launch)
            let instance = shown.instance(of: launch, request: request)
            if let request { updated.spotRequestId = request.id }
            if let instance {
                updated.see(instance, now: now)
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
                if updated.state == .stored { repeats.append(updated) }
            }
            if let interruption = Interruption(updated, instance: instance, request: request, now: now) {
                interruptions.append(interruption)
            }
            if updated.state == .ended, !launch.state.isFinal { ended.append(updated) }
            if updated != launch { updates.append(updated) }
        }
    }
}

/// What EC2 shows, by everything that may tie it to a launch.
private struct Sightings {
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
    /// EC2 shows its instance.
    fileprivate mutating func see(_ instance: Instance, now: Date) {
        instanceId = instance.id
        seenAt = seenAt ?? now
        missingSince = nil
        startedAt = startedAt ?? instance.launchTime
        let isStopped = instance.state == .stopping || instance.state == .stopped
        stoppedSince = isStopped ? stoppedSince ?? now : nil
        if instance.state == .terminated {
            if !state.isFinal { end(code: instance.stateReason ?? "terminated", now: now) }
        } else {
            // Also one that was given up too early: what EC2 shows is alive.
            state = .visible
            endedAt = nil
            errorCode = nil
            errorMessage = nil
        }
    }

    /// EC2 shows its request, and no instance.
    fileprivate mutating func see(_ request: SpotRequest, now: Date, patience: TimeInterval) {
        switch request.state {
        case .open:
            seenAt = seenAt ?? now
            missingSince = nil
            state = .visible
            endedAt = nil
        case .active, .disabled:
            // Fulfilled; the instance shows later, or was shown and is gone.
            instanceId = request.instanceId ?? instanceId
            seenAt = seenAt ?? now
            if !state.isFinal { state = .visible }
            miss(now: now, patience: patience)
        case .closed, .cancelled, .failed:
            instanceId = request.instanceId ?? instanceId
            if request.instanceId != nil, !EC2Codes.isTermination(spotRequestStatus: request.statusCode) {
                // Cancelled in the very moment of its fulfilment, for one: the instance may live.
                miss(now: now, patience: patience)
            } else if !state.isFinal {
                end(code: request.statusCode, now: now)
            }
        }
    }

    /// EC2 shows nothing of it.
    fileprivate mutating func miss(now: Date, patience: TimeInterval) {
        switch state {
        case .stored, .submitted:
            if now.timeIntervalSince(createdAt) > patience {
                state = .lost
                endedAt = now
                errorCode = "unseen"
                errorMessage = "EC2 did not show it within \(Int(patience)) s"
            }
        case .visible:
            // Pages can change while they are read: one look that misses it proves nothing.
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
