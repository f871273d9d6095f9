import HTML

/// The page about problems, with a chapter for each kind.
struct GuidePage {
    let layout: Layout

    var markup: Markup {
        layout.page(title: "What to do") {
            tag("h1", [:], "What to do")
            for chapter in GuideChapter.allCases { section(chapter) }
        }
    }

    private func section(_ chapter: GuideChapter) -> Markup {
        tag("section", ["aria-labelledby": chapter.rawValue]) {
            tag("h2", ["id": chapter.rawValue], chapter.title)
            tag("ul", ["class": "plain"]) {
                for step in chapter.steps { tag("li") { text(step) } }
            }
        }
    }

    /// A step with its code.
    private func text(_ step: String) -> Markup {
        step.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .reduce(into: Markup()) { markup, part in
                let text = String(part.element)
                markup += part.offset.isMultiple(of: 2) ? Markup(text) : tag("code", [:], text)
            }
    }
}
