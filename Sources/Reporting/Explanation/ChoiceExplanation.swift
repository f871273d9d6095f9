import Domain
import Formats

/// The pools of a decision in order, with the rule and the numbers that determine their counts.
struct ChoiceExplanation {
    let choice: PoolChoice
    let hasCandidates: Bool

    var lines: [String] {
        var lines = choice.parameters.map(rules) ?? []
        lines += [refusals, ""] + table.lines
        if !hasCandidates {
            lines.append("the record of an earlier decision contains the chosen pools only")
        } else if choice.candidates.count < choice.considered {
            lines.append("these are the cheapest pools per unit of capacity, and the chosen ones")
        }
        let taken = choice.candidates.filter { $0.count > 0 }
        guard !taken.isEmpty else { return lines }
        let price = taken.reduce(Price.zero) { $0.adding($1.price, times: $1.count) }
        let capacity = taken.reduce(0) { $0 + $1.count * $1.capacity }
        return lines + [
            "",
            "total: " + taken.map { "\($0.count) x \($0.price)" }.joined(separator: " + ")
                + " = \(price) USD/h",
            "for a capacity of "
                + taken.map { "\($0.count) x \($0.capacity)" }.joined(separator: " + ") + " = \(capacity)",
        ]
    }

    private func rules(_ terms: SelectionParameters) -> [String] {
        var lines = ["\(terms.strategy.rawValue): \(meaning(terms))"]
        lines.append("effective = spot price \(terms.utility == .multiply ? "x" : "/") utility")
        let factors = [
            terms.interruptionPricing.map { "factor = 1 + rate x \($0.lostHours.decimalText) hours lost" },
            terms.idlePricing.map { "idle factor = \(formula(of: $0))" },
        ].compactMap { $0 }
        if !factors.isEmpty {
            let names = factors.compactMap { $0.split(separator: " =").first }
            lines.append("price = effective x \(names.joined(separator: " x ")); \(factors[0])")
            lines += factors.dropFirst()
        }
        if let pricing = terms.interruptionPricing {
            lines += [
                "hours lost to an interruption = \(pricing.taskHours.decimalText) of a task / 2 + "
                    + "\(pricing.bootHours.decimalText) to boot = \(pricing.lostHours.decimalText)",
                "rate = (interruptions + \(pricing.priorInterruptions.decimalText)) / (hours + "
                    + "\(pricing.priorHours.decimalText)), per instance-hour, without interruptions in the first hour",
            ]
        }
        let share = "\(choice.poolShare.decimalText) x \(terms.amount) / capacity, rounded up"
        if let spread = terms.spread {
            let all = spread.heldInAll + terms.amount
            let most = Price(usd: spread.leastPrice.usd * (1 + spread.maxPremium))
            let level = (spread.level * Double(all)).decimalText
            lines += [
                "the least price is \(spread.leastPrice); at most \(spread.leastPrice) x "
                    + "\((1 + spread.maxPremium).decimalText) = \(most) may be paid",
                "level = \(spread.level.decimalText) x (\(spread.heldInAll) held + \(terms.amount) to buy) = \(level)",
                "most = (\(level) - held) / capacity, rounded up, not above \(share)",
            ]
        } else {
            lines.append("most = \(share)")
        }
        if choice.poolShare > terms.maxPoolShare + 1e-9 {
            lines.append(
                "the share was raised from \(terms.maxPoolShare.decimalText): too few pools fit below maxCapacity"
            )
        }
        var bounds = "capacity to buy: at least \(terms.amount), at most \(terms.ceiling)"
        if terms.ceiling > terms.headroom {
            bounds += "; maxCapacity leaves \(terms.headroom), which every cover of whole instances exceeds"
        }
        return lines + [bounds]
    }

    private func formula(of pricing: IdlePricing) -> String {
        switch pricing {
        case .exponent(let exponent): "capacity ^ \(exponent.decimalText)"
        case .premium(let premium): "1 + \(premium.decimalText) x (1 - 1 / capacity)"
        }
    }

    private func meaning(_ terms: SelectionParameters) -> String {
        let idling = terms.idlePricing != nil
        return switch terms.strategy {
        case .leastCost:
            "the counts that cover the change at the least total "
                + (idling ? "price, including idle slots" : "effective price")
        case .riskAdjusted:
            "the counts that cover the change at the least total price, including interruptions"
                + (idling ? " and idle slots" : "")
        case .diversified:
            "the cheapest counts at the lowest level of 0.1, 0.15, ... 1 whose cost is within the premium"
        case .randomZone:
            "each instance in a pool that is drawn with equal probability from the pools below their most"
                + (terms.seed.map { " (seed \($0))" } ?? "")
        case .cheapestPool: "the pools by effective price per unit of capacity, each up to its most"
        }
    }

    private var refusals: String {
        let parts = choice.refused.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "\($0.value) \($0.key.rawValue)"
        }
        let all = "\(choice.considered) pools have a price"
        return parts.isEmpty ? all : all + ", of which " + parts.joined(separator: " and ")
    }

    private var table: TextTable {
        let risky = choice.candidates.contains { $0.risk != nil }
        let idling = choice.parameters?.idlePricing
        let counted = choice.candidates.contains { $0.held != nil }
        var table = TextTable(
            titles: ["pool", "capacity", "spot price", "utility", "effective"]
                + (risky ? ["interruptions", "hours", "rate", "factor"] : [])
                + (idling == nil ? [] : ["idle factor"]) + (risky || idling != nil ? ["price"] : [])
                + ["per capacity"] + (counted ? ["held"] : []) + ["most", "chosen"])
        for candidate in choice.candidates {
            var cells = [
                "\(candidate.pool)", "\(candidate.capacity)", "\(candidate.spotPrice)",
                candidate.utility.decimalText, "\(candidate.effectivePrice)",
            ]
            if risky {
                cells +=
                    candidate.risk.map {
                        [
                            "\($0.interruptions)", $0.instanceHours.decimalText,
                            $0.rate.formatted(decimals: 9),
                            $0.factor.formatted(decimals: 9),
                        ]
                    } ?? Array(repeating: "-", count: 4)
            }
            if let idling { cells.append(idling.factor(capacity: candidate.capacity).formatted(decimals: 9)) }
            if risky || idling != nil { cells.append("\(candidate.price)") }
            cells.append((candidate.price.usd / Double(candidate.capacity)).formatted(decimals: 9))
            if counted { cells.append(candidate.held.map(String.init) ?? "-") }
            cells.append(candidate.limit.map(String.init) ?? "-")
            let until =
                (candidate.backedOffUntil.map { " until \($0.timestamp)" } ?? "")
                + (candidate.heldBecause.map { ": \($0)" } ?? "")
            cells.append(
                candidate.refusal.map { $0.rawValue + until }
                    ?? (candidate.count > 0 ? "\(candidate.count)" : "-"))
            table.add(cells: cells)
        }
        return table
    }
}

extension PoolCandidate {
    /// The price that orders the pools.
    fileprivate var price: Price { comparedPrice ?? effectivePrice }
}
