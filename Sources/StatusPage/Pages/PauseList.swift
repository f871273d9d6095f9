import Domain
import HTML
import Reporting

/// The pauses of operators, at the top of a page.
struct PauseList {
    let layout: Layout
    let pauses: [Pause]

    var markup: Markup {
        ConditionPanel(
            layout: layout, level: .warning, title: "paused by an operator", chapter: .paused,
            items: pauses.map { Markup($0.shown) }
        ).markup
    }
}
