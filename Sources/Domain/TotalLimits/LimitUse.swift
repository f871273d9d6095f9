/// A limit over all worker types, with what counts against it.
package struct LimitUse: Hashable, Codable, Sendable {
    /// The share of a limit from which its use is a problem.
    package static let problemShare = 0.8

    package let kind: TotalLimits.Kind
    package let limit: Double
    /// With the launches of the iteration. For a day or month: what was spent since its begin, and `nextHour`.
    package let used: Double
    /// For a day or month: what the instances cost in the next hour, or until its end. US dollars.
    package let nextHour: Double?
    /// What is kept for the minCapacity of worker types.
    package let reserved: Double
    /// The instances whose price is unknown. Their cost is not included.
    package let unpricedInstances: Int

    package init(
        _ kind: TotalLimits.Kind, limit: Double, used: Double, nextHour: Double? = nil, reserved: Double = 0,
        unpricedInstances: Int = 0
    ) {
        self.kind = kind
        self.limit = limit
        self.used = used
        self.nextHour = nextHour
        self.reserved = reserved
        self.unpricedInstances = unpricedInstances
    }

    package var share: Double { limit > 0 ? used / limit : 1 }

    /// For example `maxHourlySpend: 3.10 of 4.00 USD (77 %), 0.40 USD kept for minCapacity`.
    package var shown: String {
        var text = brief
        if kind.number(reserved) != kind.number(0) {
            text += ", \(kind.shown(reserved)) kept for minCapacity"
        }
        if unpricedInstances > 0 { text += ", without \(unpricedInstances) instances of unknown price" }
        return text
    }

    private var brief: String {
        let percent = Int(min(share * 100, 1e6).rounded(.down))
        return "\(kind.setting): \(kind.number(used)) of \(kind.shown(limit)) (\(percent) %)"
            + (nextHour.map { ", \(kind.shown($0)) of it in the next hour" } ?? "")
    }

    /// What an operator should know. The first problem lasts while the use is at `problemShare` or above.
    package var problems: [String] {
        var problems: [String] = []
        if share >= Self.problemShare { problems.append("\(brief): launches stop at 100 %") }
        if used >= limit {
            problems.append("\(kind.setting) is reached: no further launches")
        } else if used + reserved >= limit {
            problems.append(
                "the rest of \(kind.setting) is kept for minCapacity: no other launches")
        }
        return problems
    }
}
