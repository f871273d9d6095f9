import Domain
import HTML
import Reporting

/// The limits over all worker types with their use, at the top of the overview.
struct LimitList {
    let layout: Layout
    let limits: [LimitUse]

    var markup: Markup {
        guard !limits.isEmpty else { return Markup() }
        return tag("div", ["class": "panel"]) {
            tag("p") {
                level.markup("limits over all worker types")
                if level != .good {
                    " "
                    layout.guidance(.limits)
                }
            }
            tag("ul", ["class": "plain"]) { for limit in limits { tag("li", [:], limit.shown) } }
        }
    }

    private var level: HealthLevel {
        if limits.contains(where: { $0.used >= $0.limit }) { return .bad }
        return limits.allSatisfy(\.problems.isEmpty) ? .good : .warning
    }
}
