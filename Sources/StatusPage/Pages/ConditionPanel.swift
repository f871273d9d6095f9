import HTML

/// A panel with conditions of one kind: their level, what to do, and a list.
struct ConditionPanel {
    let layout: Layout
    let level: HealthLevel
    let title: String
    /// Nil where there is nothing to do.
    let chapter: GuideChapter?
    /// One for each condition. Without any there is no panel.
    let items: [Markup]

    var markup: Markup {
        guard !items.isEmpty else { return Markup() }
        return tag("div", ["class": "panel"]) {
            tag("p") {
                level.markup(title)
                if let chapter {
                    " "
                    layout.guidance(chapter)
                }
            }
            tag("ul", ["class": "plain"]) { for item in items { tag("li") { item } } }
        }
    }
}
