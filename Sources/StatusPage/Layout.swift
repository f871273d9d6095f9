import Domain
import Formats
import FoundationEssentials
import HTML
import Reporting

/// The common parts of all pages: head, navigation, footer, times and states.
struct Layout {
    let provisionerId: String
    let links: Links
    let now: Date

    /// A whole page.
    func page(title: String, @MarkupBuilder _ content: () -> Markup) -> Markup {
        .page(title: "\(title) - \(provisionerId)") {
            tag("a", ["class": "skip", "href": "#content"], "Skip to content")
            header
            tag("main", ["id": "content", "tabindex": "-1"]) { content() }
            tag("footer") {
                tag("p") {
                    "Read at "
                    time(now)
                    " from the provisioner's database. Each figure is as of the time beside it."
                }
            }
        }
    }

    private var header: Markup {
        tag("header") {
            tag("p") { tag("a", ["class": "brand", "href": links.overview], "aws-provisioner") }
            tag("p", ["class": "dim"], provisionerId)
            tag("nav", ["aria-label": "Pages"]) {
                tag("ul") {
                    tag("li") { tag("a", ["href": links.overview], "Overview") }
                    tag("li") { tag("a", ["href": links.overview + "#iterations"], "Iterations") }
                    tag("li") { tag("a", ["href": links.costs()], "Costs") }
                    tag("li") { tag("a", ["href": links.guide()], "What to do") }
                    tag("li") { tag("a", ["href": links.metrics], "Metrics") }
                }
            }
        }
    }

    /// A time and its distance from now, such as "12:03:04 UTC (5 min ago)", with its date unless it is of today. All times
    /// of the pages have this form.
    func time(_ date: Date) -> Markup {
        let stamp = date.timestamp
        let day = stamp.prefix(10) == now.timestamp.prefix(10) ? "" : stamp.prefix(10) + " "
        return tag(
            "time", ["datetime": stamp],
            "\(day)\(stamp.dropFirst(11).prefix(8)) UTC (\(Self.words(date, now)))")
    }

    /// A link to the chapter about a problem.
    func guidance(_ chapter: GuideChapter) -> Markup {
        tag("a", ["href": links.guide(chapter)], "What to do")
    }

    private static func words(_ date: Date, _ now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        return seconds < -1 ? "in " + RelativeTime.text(-seconds) : RelativeTime.ago(seconds)
    }
}

/// A state as a word, a sign and a colour with the same meaning.
enum HealthLevel {
    case good, warning, bad

    func markup(_ word: String) -> Markup {
        let (name, sign) =
            switch self {
            case .good: ("good", "\u{2713}")
            case .warning: ("warn", "\u{26a0}")
            case .bad: ("bad", "\u{2715}")
            }
        return tag("span", ["class": "state \(name)"]) {
            tag("span", ["aria-hidden": "true"], sign + " ")
            word
        }
    }
}
