import Domain
import HTML
import Reporting

/// The limits over all worker types with their use, at the top of the overview.
struct LimitList {
    let layout: Layout
    let limits: [LimitUse]

    var markup: Markup {
        ConditionPanel(
            layout: layout, level: level, title: "limits over all worker types",
            chapter: level == .good ? nil : .limits, items: limits.map { Markup($0.shown) }
        ).markup
    }

    private var level: HealthLevel {
        if limits.contains(where: { $0.used >= $0.limit }) { return .bad }
        return limits.allSatisfy(\.problems.isEmpty) ? .good : .warning
    }
}
