import Domain
import Formats
import FoundationEssentials
import HTML
import Reporting
import Storage

/// Pending terminations, interruptions by pool, and notices of EC2.
struct TerminationSection {
    let layout: Layout
    let endings: TerminationOverview

    /// The number of rows in a table. `status --json` contains all.
    private static let listed = 10

    var markup: Markup {
        tag("section", ["aria-labelledby": "endings"]) {
            tag("h2", ["id": "endings"], "Terminations and interruptions")
            TerminationTable(layout: layout, pending: endings.pending).markup
            interruptions
            NoticeTable(layout: layout, endings: endings).markup
        }
    }

    private var interruptions: Markup {
        let worst = endings.interrupted
        guard !worst.isEmpty else {
            return tag(
                "p", ["class": "dim"],
                "EC2 interrupted no spot instance in \(TerminationOverview.days) days and \(endings.instanceHours.formatted(decimals: 1)) "
                    + "instance-hours.")
        }
        let more = worst.count - Self.listed
        var table = DataTable(
            "Interrupted spot instances in \(TerminationOverview.days) days. The pools with the highest rates are first"
                + (more > 0 ? "; `status --json` has \(more) more pools" : ""), .init("Pool"),
            .init("Interruptions", isNumeric: true), .init("Instance-hours", isNumeric: true),
            .init("Per 100 hours", isNumeric: true))
        for line in worst.prefix(Self.listed) {
            table.add(
                Markup("\(line.pool)"), Markup("\(line.rate.interruptions)"),
                Markup(line.rate.instanceHours.formatted(decimals: 1)),
                Markup(line.rate.per100Hours.formatted(decimals: 2)))
        }
        return table.markup
    }
}

/// Terminations that EC2 does not show yet.
struct TerminationTable {
    let layout: Layout
    let pending: [TerminationRecord]

    var markup: Markup {
        guard !pending.isEmpty else { return tag("p", ["class": "dim"], "No termination is pending.") }
        var table = DataTable(
            "Pending terminations", .init("Instance"), .init("Region"),
            .init("Worker type"), .init("Reason", isText: true), .init("First requested"), .init("State"))
        for record in pending {
            table.add(
                Markup(record.instanceId), Markup(record.region), Markup(record.workerType),
                Markup(record.reason.rawValue), layout.time(record.askedAt),
                record.attempts > 1
                    ? HealthLevel.warning.markup("not terminated after \(record.attempts) requests")
                        + Markup(" ") + layout.guidance(.terminations)
                    : Markup("requested once"))
        }
        return table.markup
    }
}

/// The notices of EC2 about instances of this deployment in the last day.
struct NoticeTable {
    let layout: Layout
    let endings: TerminationOverview

    private static let listed = 10

    var markup: Markup {
        guard !endings.notices.isEmpty else { return Markup() }
        var table = DataTable(
            "Notices of the last day: \(endings.noticeCounts)", .init("Instance"), .init("Notice"),
            .init("Worker type"), .init("Pool"), .init("When"))
        for notice in endings.notices.prefix(Self.listed) {
            table.add(
                Markup(notice.notice.instanceId), Markup(notice.notice.kind.rawValue),
                Markup(notice.workerType), Markup("\(notice.pool)"), layout.time(notice.notice.at))
        }
        return table.markup
    }
}
