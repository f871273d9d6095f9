import Domain
import Formats
import HTML
import Reporting

/// The regions as EC2 last showed them, and the active holds.
struct RegionSection {
    let layout: Layout
    let overview: Overview

    var markup: Markup {
        tag("section", ["aria-labelledby": "regions"]) {
            tag("h2", ["id": "regions"], "Regions and holds")
            if !regions.rows.isEmpty { regions.markup }
            if !overview.quotas.isEmpty { quotas.markup }
            HoldTable(layout: layout, holds: overview.holds).markup
        }
    }

    private var regions: DataTable {
        var table = DataTable(
            "Instances of this deployment", .init("Region"), .init("State"),
            .init("Running", isNumeric: true),
            .init("Pending", isNumeric: true), .init("Open requests", isNumeric: true),
            .init("Zones", isText: true),
            .init("Read"), .init("Prices fetched"))
        let failing = Set(overview.failingRegions)
        for region in failing.subtracting(overview.regions.map(\.region)).sorted() {
            table.add(
                Markup(region), failure, Markup("-"), Markup("-"), Markup("-"), Markup("-"), Markup("never"),
                Markup("never"))
        }
        for state in overview.regions {
            func count(_ kind: Instance.State) -> Markup {
                Markup("\(state.instances.count { $0.state == kind })")
            }
            table.add(
                Markup(state.region),
                failing.contains(state.region) ? failure : HealthLevel.good.markup("read"), count(.running),
                count(.pending),
                Markup("\(state.spotRequests.count { $0.state == .open })"),
                Markup(state.availabilityZones.joined(separator: ", ")), layout.time(state.fetchedAt),
                overview.pricesFetched[state.region].map(layout.time) ?? Markup("never"))
        }
        return table
    }

    private var quotas: DataTable {
        var table = DataTable(
            "Quotas of the account, in vCPUs", .init("Region"), .init("Market"), .init("Class"),
            .init("Used by this deployment", isNumeric: true), .init("Quota", isNumeric: true))
        for use in overview.quotas {
            let subject = use.quota.subject
            table.add(
                Markup(subject.region), Markup(subject.market.rawValue), Markup(subject.quotaClass.rawValue),
                Markup("\(use.used)"), Markup("\(use.quota.vCPUs)"))
        }
        return table
    }

    private var failure: Markup {
        HealthLevel.bad.markup("failing") + Markup(" ") + layout.guidance(.calls)
    }
}

/// The active holds, their ends and their reasons.
struct HoldTable {
    let layout: Layout
    let holds: [Hold]

    var markup: Markup {
        guard !holds.isEmpty else { return tag("p", ["class": "dim"], "No hold is active.") }
        var table = DataTable(
            "Active holds", .init("Subject"), .init("Ends"), .init("Reason", isText: true),
            .init("Refusals in a row", isNumeric: true))
        for hold in holds.sorted(by: { ($0.until, $0.subject.name) < ($1.until, $1.subject.name) }) {
            table.add(
                Markup(hold.subject.name), layout.time(hold.until),
                Markup("\(hold.code): \(SafeText.cut(hold.message, to: 500))"),
                Markup("\(hold.failures)"))
        }
        return table.markup + tag("p", ["class": "small"]) { layout.guidance(.holds) }
    }
}
