import Domain
import Formats
import FoundationEssentials
import HTML
import Reporting
import Storage

/// The state of the iterations, failures and cost, at the top of the overview.
struct HealthSection {
    let layout: Layout
    let overview: Overview
    let interval: TimeInterval

    var markup: Markup {
        tag("section", ["aria-label": "Health"]) {
            tag("ul", ["class": "cards"]) {
                iterations
                regions
                spend
                tasks
                capacity
            }
            LimitList(layout: layout, limits: overview.limits).markup
            failures
            PauseList(layout: layout, pauses: overview.pauses).markup
            notifications
            problems
        }
    }

    private func card(_ title: String, _ figure: Markup, @MarkupBuilder _ more: () -> Markup) -> Markup {
        tag("li", ["class": "card"]) {
            tag("p", ["class": "dim small"], title)
            tag("p", ["class": "figure"]) { figure }
            tag("p", ["class": "small dim"]) { more() }
        }
    }

    private var iterations: Markup {
        let last = overview.lastFinished
        let status = BackendStatus(
            finishedAt: last?.finishedAt, outcome: last?.outcome, interval: interval, now: overview.now)
        let judgement: HealthLevel =
            switch status {
            case .healthy: last?.outcome == .success ? .good : .warning
            case .pending, .late: .warning
            case .failing: .bad
            }
        // An iteration without a part of its work is not healthy.
        let word =
            if status == .healthy, let outcome = last?.outcome, outcome != .success { outcome.rawValue } else
            {
                status.rawValue
            }
        return card("Iterations", judgement.markup(word)) {
            if let last, let end = last.finishedAt {
                "The last iteration ended at "
                layout.time(end)
                ": \(last.outcome?.rawValue ?? "unknown"). "
            } else {
                "No iteration has ended yet. "
            }
            if judgement != .good { layout.guidance(.iterations) }
        }
    }

    private var regions: Markup {
        let failing = overview.failingRegions
        let oldest = overview.regions.map(\.fetchedAt).min()
        let judgement: HealthLevel =
            !failing.isEmpty ? .bad : overview.regions.isEmpty ? .warning : .good
        return card(
            "Regions",
            judgement.markup(failing.isEmpty ? "\(overview.regions.count) read" : "\(failing.count) failing")
        ) {
            if !failing.isEmpty { failing.joined(separator: ", ") + ". " }
            if let oldest {
                "The oldest state was read at "
                layout.time(oldest)
                ". "
            } else {
                "No region has been read yet. "
            }
            if !failing.isEmpty { layout.guidance(.calls) }
        }
    }

    private var spend: Markup {
        let spend = overview.spend
        let figure = Markup(spend.perHour.formatted(decimals: 2)) + tag("small", [:], " USD/h")
        return card("Spending now", figure) {
            if let oldest = overview.pricesFetched.values.min() {
                "At spot prices fetched at "
                layout.time(oldest)
                spend.note + "."
            } else {
                "No prices have been fetched yet."
            }
        }
    }

    private var tasks: Markup {
        let pending = overview.lines.reduce(0) { $0 + ($1.decision?.pendingTasks ?? 0) }
        return card("Pending tasks", Markup("\(pending)")) { counted }
    }

    private var capacity: Markup {
        let tallies = overview.lines.compactMap(\.tally)
        let running = tallies.reduce(0) { $0 + $1.running }
        let coming = tallies.reduce(0) { $0 + $1.booting + $1.requested }
        let figure = Markup("\(running)") + tag("small", [:], " running")
        return card("Capacity", figure) {
            "\(coming) booting or requested. "
            counted
        }
    }

    private var counted: Markup {
        guard let oldest = overview.lines.compactMap(\.decision?.decidedAt).min() else {
            return Markup("No iteration has read the Queue yet.")
        }
        return Markup("Read at ") + layout.time(oldest) + Markup(".")
    }

    private var failures: Markup {
        ConditionPanel(
            layout: layout, level: .bad,
            title: "\(overview.failures.count) calls failed in the last iteration",
            chapter: .calls,
            items: overview.failures.map { failure in
                let message = SafeText.cut(ServiceFailure.brief(failure.message), to: 500)
                return Markup("\(failure.subject): \(failure.code): \(message) at ") + layout.time(failure.at)
            }
        ).markup
    }

    private var notifications: Markup {
        guard let text = overview.notifications.unsentText else { return Markup() }
        return tag("div", ["class": "panel"]) {
            tag("p") {
                HealthLevel.warning.markup("not sent:")
                " \(SafeText.cut(text, to: 500)) "
                layout.guidance(.notifications)
            }
        }
    }

    /// The stopped worker types, which the filter of the table below does not hide.
    private var problems: Markup {
        let stopped = overview.lines.filter { line in
            line.decision?.problems.contains { $0.kind == .stopped } ?? false
        }
        return unreadable
            + (stopped.isEmpty
                ? Markup()
                : tag("p", ["class": "panel"]) {
                    HealthLevel.bad.markup("stopped:")
                    for line in stopped {
                        " "
                        tag("a", ["href": layout.links.workerType(line.type.name)], line.type.name)
                    }
                    " "
                    layout.guidance(.stopped)
                })
    }

    private var unreadable: Markup {
        ConditionPanel(
            layout: layout, level: .bad, title: "worker types whose definition cannot be read:",
            chapter: .definitions, items: overview.unreadable.map { Markup("\($0.name): \($0.reason)") }
        ).markup
    }
}
