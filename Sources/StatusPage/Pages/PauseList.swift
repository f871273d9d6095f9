import Domain
import HTML
import Reporting

/// The pauses of operators, at the top of a page.
struct PauseList {
    let layout: Layout
    let pauses: [Pause]

    var markup: Markup {
        guard !pauses.isEmpty else { return Markup() }
        return tag("div", ["class": "panel"]) {
            tag("p") {
                HealthLevel.warning.markup("paused by an operator")
                " "
                layout.guidance(.paused)
            }
            tag("ul", ["class": "plain"]) { for pause in pauses { tag("li", [:], pause.shown) } }
        }
    }
}
