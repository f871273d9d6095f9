import Domain
package import FoundationEssentials
package import Storage

/// The metrics of a deployment, from its overview and its costs.
package enum DeploymentMetrics {
    /// The page that Prometheus scrapes, and the text file that node_exporter reads.
    package static func text(of database: ProvisionerDatabase, now: Date) throws -> String {
        try database.snapshot {
            let record = try CostRecord(
                database, withOwners: false, since: now.addingTimeInterval(-86_400), now: now)
            return PrometheusText.render(
                samples(try Overview(database, iterations: 0, now: now))
                    + samples(CostReport(record, by: [.workerType])))
        }
    }

    package static func samples(_ overview: Overview) -> [Sample] {
        workerTypes(overview) + regions(overview) + iterations(overview) + overview.counters.map(sample)
    }

    private static func samples(_ costs: CostReport) -> [Sample] {
        costs.rows.map { Sample(.dayCost, $0.usd, ("worker_type", $0.key.joined())) }
    }

    private static func workerTypes(_ overview: Overview) -> [Sample] {
        var samples: [Sample] = []
        for line in overview.lines {
            let name = ("worker_type", line.type.name)
            samples += [
                Sample(.minCapacity, Double(line.bounds.minimum), name),
                Sample(.maxCapacity, Double(line.bounds.maximum), name),
                Sample(.spend, line.spend.perHour, name),
                Sample(.unpricedInstances, Double(line.spend.unpriced), name),
            ]
            guard let decision = line.decision else { continue }
            if let pending = decision.pendingTasks {
                samples.append(Sample(.pendingTasks, Double(pending), name))
            }
            if let claimed = decision.claimedTasks {
                samples.append(Sample(.claimedTasks, Double(claimed), name))
            }
            if let headroom = decision.change?.headroom {
                samples.append(Sample(.headroom, Double(headroom), name))
            }
            if let anticipation = decision.change?.anticipation {
                samples.append(Sample(.anticipation, Double(anticipation.capacity), name))
            }
            samples += [
                Sample(.capacity, Double(decision.tally.running), name, ("state", "running")),
                Sample(.capacity, Double(decision.tally.booting), name, ("state", "booting")),
                Sample(.capacity, Double(decision.tally.requested), name, ("state", "requested")),
                Sample(.problems, Double(decision.problems.count), name),
                Sample(.pausedWorkerType, decision.isPaused ? 1 : 0, name),
                Sample(.decisionTime, decision.decidedAt.timeIntervalSince1970, name),
            ]
        }
        return samples
    }

    private static func regions(_ overview: Overview) -> [Sample] {
        var samples = [Sample(.failingRegions, Double(overview.failingRegions.count))]
        for state in overview.regions {
            let counts = state.instances.reduce(into: [Instance.State: Int]()) {
                $0[$1.state, default: 0] += 1
            }
            for kind in Instance.State.allCases {
                samples.append(
                    Sample(
                        .instances, Double(counts[kind] ?? 0), ("region", state.region),
                        ("state", kind.rawValue)))
            }
            samples.append(
                Sample(.regionReadTime, state.fetchedAt.timeIntervalSince1970, ("region", state.region)))
        }
        samples += overview.pricesFetched.sorted { $0.key < $1.key }.map { region, date in
            Sample(.priceFetchTime, date.timeIntervalSince1970, ("region", region))
        }
        samples += overview.poolsInUse.sorted().compactMap { priced in
            overview.prices[priced].map { price in
                let pool = priced.pool
                return Sample(
                    .spotPrice, price.usd, ("region", pool.region),
                    ("availability_zone", pool.availabilityZone), ("instance_type", pool.instanceType),
                    ("platform", priced.platform.rawValue))
            }
        }
        samples += overview.failures.map { failure in
            Sample(
                .failingCalls, 1, ("asked", failure.subject.kind.rawValue),
                ("target", failure.subject.name), ("code", failure.code))
        }
        let held = overview.holds.reduce(into: [String: Int]()) { $0[$1.subject.kind, default: 0] += 1 }
        samples += HoldSubject.kinds.map { Sample(.holds, Double(held[$0] ?? 0), ("holds", $0)) }
        samples += overview.quotas.flatMap { use in
            let subject = use.quota.subject
            let labels = [
                ("region", subject.region), ("market", subject.market.rawValue),
                ("class", subject.quotaClass.rawValue),
            ]
            return [
                Sample(.quota, Double(use.quota.vCPUs), labels[0], labels[1], labels[2]),
                Sample(.quotaUse, Double(use.used), labels[0], labels[1], labels[2]),
            ]
        }
        samples += overview.pauses.map { pause in
            Sample(.pauses, 1, ("kind", pause.subject.kind.rawValue), ("name", pause.subject.name))
        }
        return samples
    }

    private static func iterations(_ overview: Overview) -> [Sample] {
        var samples: [Sample] = []
        if let last = overview.lastFinished, let end = last.finishedAt {
            samples += [
                Sample(.iterationStart, last.startedAt.timeIntervalSince1970),
                Sample(.iterationEnd, end.timeIntervalSince1970),
                Sample(.iterationDuration, max(0, end.timeIntervalSince(last.startedAt))),
            ]
        }
        if let success = overview.lastSuccess {
            samples.append(Sample(.success, success.timeIntervalSince1970))
        }
        samples += overview.limits.flatMap { use in
            [
                Sample(.limit, use.limit, ("limit", use.kind.setting)),
                Sample(.limitUse, use.used, ("limit", use.kind.setting)),
            ]
        }
        return samples
    }

    private static func sample(_ counter: CounterStore.Counter) -> Sample {
        let value = Double(counter.value)
        let workerType = ("worker_type", counter.workerType)
        return switch counter.name {
        case .iterations: Sample(.iterations, value, ("outcome", counter.detail))
        case .launches: Sample(.launches, value, workerType, ("market", counter.detail))
        case .launchFailures: Sample(.launchFailures, value, workerType, ("code", counter.detail))
        case .interruptions: Sample(.interruptions, value, workerType)
        case .terminations: Sample(.terminations, value, workerType, ("reason", counter.detail))
        case .cancellations: Sample(.cancellations, value, workerType, ("reason", counter.detail))
        case .notifications: Sample(.notifications, value, ("result", counter.detail))
        }
    }
}
