import Domain

/// One decision with its arithmetic, for a person with a pocket calculator.
struct Explanation {
    let type: WorkerType
    let iteration: Int64
    let decision: WorkerTypeDecision
    let utility: ProvisioningRules.Utility

    private var sign: String { utility == .multiply ? "x" : "/" }

    var lines: [String] {
        var lines = [
            "\(decision.workerType), decided by iteration \(iteration) at \(decision.decidedAt.timestamp)"
        ]
        if type.lastModified > decision.decidedAt {
            lines.append("note: the definition changed since, at \(type.lastModified.timestamp)")
        }
        lines.append("")
        if let change = decision.change {
            lines += change.explanation(definition: type.definition)
        }
        lines += decision.problems
        if let choice = decision.choice, !choice.candidates.isEmpty {
            lines += [
                "",
                "effective price = spot price \(sign) utility; a pool may take "
                    + "\(fixed(choice.poolShare * 100, 0)) % of the change",
            ]
            lines += refusals(choice)
            var table = TextTable(
                "pool", "capacity", "spot price", "utility", "effective", "per capacity", "chosen")
            for candidate in choice.candidates {
                table.add(
                    "\(candidate.pool)", "\(candidate.capacity)", "\(candidate.spotPrice)",
                    fixed(candidate.utility, 3), "\(candidate.effectivePrice)",
                    fixed(candidate.effectivePrice.usd / Double(candidate.capacity), 6),
                    candidate.refusal?.rawValue ?? (candidate.count > 0 ? "\(candidate.count)" : "-"))
            }
            lines += table.lines
        }
        var bids = TextTable("bid", "market", "effective", "most to pay", "count")
        for (bid, count) in Dictionary(grouping: decision.bids, by: { $0 }).sorted(by: {
            $0.key.pool < $1.key.pool
        }) {
            bids.add(
                "\(bid.pool)", bid.market.rawValue, "\(bid.effectivePrice)", "\(bid.bidPrice)",
                "\(count.count)")
        }
        if !bids.isEmpty { lines += [""] + bids.lines }
        return lines
    }

    private func refusals(_ choice: PoolChoice) -> [String] {
        let parts = choice.refused.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "\($0.value) \($0.key.rawValue)"
        }
        let all = "\(choice.considered) pools have a price"
        return [parts.isEmpty ? all : all + ", of which " + parts.joined(separator: " and ")]
    }

    var json: JSONValue {
        let change = decision.change
        return [
            "workerType": .string(decision.workerType), "iteration": .integer(iteration),
            "decidedAt": .string(decision.decidedAt.timestamp), "utility": .string(utility.rawValue),
            "pendingTasks": decision.pendingTasks.map { .integer(Int64($0)) } ?? .null,
            "runningCapacity": .integer(Int64(decision.tally.running)),
            "pendingCapacity": .integer(Int64(decision.tally.pending)),
            "requestedCapacity": .integer(Int64(decision.tally.requested)),
            "desiredPending": change.map { .integer(Int64($0.desiredPending)) } ?? .null,
            "change": change.map { .integer(Int64($0.change)) } ?? .null,
            "bound": change.map { .string($0.bound.rawValue) } ?? .null,
            "problems": .array(decision.problems.map(JSONValue.string)),
            "candidates": .array(
                (decision.choice?.candidates ?? []).map { candidate in
                    [
                        "region": .string(candidate.pool.region),
                        "zone": .string(candidate.pool.availabilityZone),
                        "instanceType": .string(candidate.pool.instanceType),
                        "capacity": .integer(Int64(candidate.capacity)),
                        "spotPrice": .number(candidate.spotPrice.usd), "utility": .number(candidate.utility),
                        "effectivePrice": .number(candidate.effectivePrice.usd),
                        "refusal": candidate.refusal.map { .string($0.rawValue) } ?? .null,
                        "count": .integer(Int64(candidate.count)),
                    ]
                }),
        ]
    }
}
