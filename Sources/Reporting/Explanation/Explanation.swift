package import Domain
package import Formats

/// A decision with its calculation, so that a reader can verify it.
package struct Explanation: Sendable {
    let type: WorkerType
    let iteration: Int64
    let decision: WorkerTypeDecision
    let hasCandidates: Bool
    let platforms: PlatformExplanation?
    let subnets: SubnetExplanation?

    /// - Parameters:
    ///   - type: the current definition.
    ///   - iteration: the iteration that decided.
    ///   - hasCandidates: whether the decision contains all candidates, and not only the chosen pools.
    ///   - platforms: the platforms of the current definition.
    ///   - subnets: the subnets of the setting as of the last iteration.
    package init(
        type: WorkerType, iteration: Int64, decision: WorkerTypeDecision, hasCandidates: Bool = true,
        platforms: PlatformExplanation? = nil, subnets: SubnetExplanation? = nil
    ) {
        self.type = type
        self.iteration = iteration
        self.decision = decision
        self.hasCandidates = hasCandidates
        self.platforms = platforms
        self.subnets = subnets
    }

    /// The explanation as text.
    package var lines: [String] {
        var lines = [
            "\(decision.workerType), decided by iteration \(iteration) at \(decision.decidedAt.timestamp)"
        ]
        if type.lastModified > decision.decidedAt {
            lines.append(
                "note: the definition changed after this decision, at \(type.lastModified.timestamp)")
        }
        if let terms = decision.choice?.parameters {
            lines.append("strategy \(terms.strategy.rawValue), utility \(terms.utility.rawValue)")
        }
        lines += (platforms?.lines ?? []) + (subnets?.lines ?? [])
        lines += decision.schedule?.lines ?? []
        lines.append("")
        if let change = decision.change {
            lines += change.explanation(definition: type.definition, bounds: decision.bounds(of: type))
        }
        lines += decision.allowance?.lines ?? []
        lines += (decision.pauses ?? []).filter {
            $0.subject.kind != .workerType || decision.problems.isEmpty
        }
        .map(\.shown)
        lines += decision.problems.map { SafeText.escaped($0.description) }
        if let choice = decision.choice, !choice.candidates.isEmpty {
            lines += [""] + ChoiceExplanation(choice: choice, hasCandidates: hasCandidates).lines
        }
        let bids = BidExplanation(bids: decision.bids, choice: decision.choice).lines
        if !bids.isEmpty { lines += [""] + bids }
        if let reselected = decision.reselected?.wrappedValue, !reselected.isEmpty {
            lines += ["", "reselected in place of refused bids:"]
            lines += BidExplanation(bids: reselected, choice: nil).lines
        }
        return lines
    }

    package var json: JSONObject {
        let change = decision.change
        let terms = decision.choice?.parameters
        return [
            "workerType": .string(decision.workerType), "iterationId": .integer(iteration),
            "decidedAt": .string(decision.decidedAt.timestamp),
            "strategy": terms.map { .string($0.strategy.rawValue) } ?? .null,
            "utility": terms.map { .string($0.utility.rawValue) } ?? .null,
            "platforms": platforms?.json ?? .array([]), "subnets": subnets?.json ?? .array([]),
            "pendingTasks": decision.pendingTasks.map { .integer(Int64($0)) } ?? .null,
            "claimedTasks": decision.claimedTasks.map { .integer(Int64($0)) } ?? .null,
            "runningCapacity": .integer(Int64(decision.tally.running)),
            "pendingCapacity": .integer(Int64(decision.tally.booting)),
            "requestedCapacity": .integer(Int64(decision.tally.requested)),
            "desiredPending": change.map { .integer(Int64($0.desiredPending)) } ?? .null,
            "headroom": change?.headroom.map { .integer(Int64($0)) } ?? .null,
            "idleCapacity": (change?.idle).map { .integer(Int64($0.capacity)) } ?? .null,
            "anticipation": Self.json(change?.anticipation),
            "change": change.map { .integer(Int64($0.change)) } ?? .null,
            "bound": change.map { .string($0.bound.rawValue) } ?? .null,
            "schedule": decision.schedule?.json ?? .null,
            "allowance": decision.allowance?.json ?? .null,
            "problems": .array(decision.problems.map { .string($0.description) }),
            "pauses": .array((decision.pauses ?? []).map(\.json)),
            "poolShare": decision.choice.map { .number($0.poolShare) } ?? .null,
            "mostCapacity": terms.map { .integer(Int64($0.ceiling)) } ?? .null,
            "idleExponent": Self.idleExponent(terms),
            "level": terms?.spread.map { .number($0.level) } ?? .null,
            "candidates": .array((decision.choice?.candidates ?? []).map { Self.json($0, terms) }),
            "bids": Self.json(decision.bids),
            "reselected": Self.json(decision.reselected?.wrappedValue ?? []),
        ]
    }

    /// Null also in decisions of earlier versions, which compared prices by another law.
    private static func idleExponent(_ terms: SelectionParameters?) -> JSONValue {
        guard case .exponent(let exponent) = terms?.idlePricing else { return .null }
        return .number(exponent)
    }

    private static func json(_ anticipation: Anticipation?) -> JSONValue {
        guard let anticipation else { return .null }
        return [
            "intervals": .number(anticipation.intervals),
            "demandShare": .number(anticipation.demand.share),
            "averageDemand": .number(anticipation.demand.average),
            "capacity": .integer(Int64(anticipation.capacity)),
        ]
    }

    private static func json(_ bids: [Bid]) -> JSONValue {
        .array(
            BidExplanation(bids: bids, choice: nil).groups.map { bid, count in
                [
                    "region": .string(bid.pool.region), "zone": .string(bid.pool.availabilityZone),
                    "instanceType": .string(bid.pool.instanceType), "market": .string(bid.market.rawValue),
                    "bidUsdPerHour": .number(bid.bidPrice.usd), "count": .integer(Int64(count)),
                ]
            })
    }

    private static func json(_ candidate: PoolCandidate, _ terms: SelectionParameters?) -> JSONValue {
        [
            "region": .string(candidate.pool.region), "zone": .string(candidate.pool.availabilityZone),
            "instanceType": .string(candidate.pool.instanceType),
            "capacity": .integer(Int64(candidate.capacity)),
            "spotUsdPerHour": .number(candidate.spotPrice.usd),
            "utilityFactor": .number(candidate.utility),
            "effectiveUsdPerHour": .number(candidate.effectivePrice.usd),
            "interruptions": candidate.risk.map { .integer(Int64($0.interruptions)) } ?? .null,
            "instanceHours": candidate.risk.map { .number($0.instanceHours) } ?? .null,
            "interruptionRate": candidate.risk.map { .number($0.rate) } ?? .null,
            "riskFactor": candidate.risk.map { .number($0.factor) } ?? .null,
            "idleFactor": terms?.idlePricing.map { .number($0.factor(capacity: candidate.capacity)) }
                ?? .null,
            "comparedUsdPerHour": .number((candidate.comparedPrice ?? candidate.effectivePrice).usd),
            "held": candidate.held.map { .integer(Int64($0)) } ?? .null,
            "most": candidate.limit.map { .integer(Int64($0)) } ?? .null,
            "refusal": candidate.refusal.map { .string($0.rawValue) } ?? .null,
            "heldUntil": candidate.backedOffUntil.map { .string($0.timestamp) } ?? .null,
            "heldReason": candidate.heldBecause.map(JSONValue.string) ?? .null,
            "count": .integer(Int64(candidate.count)),
        ]
    }
}
