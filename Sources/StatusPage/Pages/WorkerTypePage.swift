import Domain
import Formats
import FoundationEssentials
import HTML
import Reporting
import Storage

/// The page of a worker type: capacity, history, fleet, launches, decision and definition.
struct WorkerTypePage {
    let layout: Layout
    let detail: WorkerTypeDetail
    /// The length of the history. Hours.
    let hours: Int

    static let windows = [6, 24, 168, 720]
    /// The maximum number of instances in the table.
    private static let listed = 200

    private var type: WorkerType { detail.line.type }

    var markup: Markup {
        layout.page(title: type.name) {
            tag("h1", [:], type.name)
            if !type.definition.description.isEmpty {
                tag("p", [:], SafeText.cut(type.definition.description, to: 1000))
            }
            PauseList(layout: layout, pauses: detail.pauses).markup
            problems
            summary
            WorkerTypePlots(layout: layout, detail: detail, hours: hours).markup
            fleet
            launches
            section("back-offs", "Holds") {
                HoldTable(layout: layout, holds: detail.holds).markup
            }
            endings
            decision
            section("definition", "Definition") {
                tag("p", ["class": "dim small"]) {
                    "Changed at "
                    layout.time(type.lastModified)
                    detail.line.hasSecrets ? ". Its secrets are sealed, and this page cannot read them." : "."
                }
                scrollable(
                    "The definition as JSON", DefinitionText(type, hasSecrets: detail.line.hasSecrets).text)
            }
        }
    }

    private func section(_ id: String, _ title: String, @MarkupBuilder _ content: () -> Markup) -> Markup {
        tag("section", ["aria-labelledby": id]) {
            tag("h2", ["id": id], title)
            content()
        }
    }

    /// Preformatted text. Wide text scrolls, also by the keyboard.
    private func scrollable(_ label: String, _ text: String) -> Markup {
        tag("pre", ["tabindex": "0", "role": "group", "aria-label": label], text)
    }

    private var endings: Markup {
        guard !detail.endings.pending.isEmpty || !detail.endings.notices.isEmpty else { return Markup() }
        return section("endings", "Terminations and notices") {
            TerminationTable(layout: layout, pending: detail.endings.pending).markup
            NoticeTable(layout: layout, endings: detail.endings).markup
        }
    }

    private var problems: Markup {
        let problems = detail.line.decision?.problems ?? []
        guard !problems.isEmpty else { return Markup() }
        return tag("ul", ["class": "panel plain"]) {
            for problem in problems {
                tag("li", ["class": problem.kind == .stopped ? "bad" : "warn"]) {
                    SafeText.cut(problem.description, to: 500) + " "
                    layout.guidance(.init(problem.kind))
                }
            }
        }
    }

    private var summary: Markup {
        let decision = detail.line.decision
        func card(_ title: String, _ value: String, _ unit: String = "") -> Markup {
            tag("li", ["class": "card"]) {
                tag("p", ["class": "dim small"], title)
                tag("p", ["class": "figure"]) {
                    value
                    tag("small", [:], unit)
                }
            }
        }
        func number(_ value: Int?) -> String { value.map(String.init) ?? "-" }
        return tag("section", ["aria-label": "Now"]) {
            tag("ul", ["class": "cards"]) {
                card("Pending tasks", number(decision?.pendingTasks))
                card("Running", number(detail.line.tally?.running))
                card("Booting", number(detail.line.tally?.booting))
                card("Requested", number(detail.line.tally?.requested))
                card("Allowed", "\(detail.line.bounds.minimum) to \(detail.line.bounds.maximum)")
                card("Spending now", detail.line.spend.perHour.formatted(decimals: 2), " USD/h")
            }
            tag("p", ["class": "dim small"]) {
                if let decision {
                    "Read at "
                    layout.time(decision.decidedAt)
                    ". The unit of capacity is one running task\(detail.line.spend.note)."
                } else {
                    "No iteration has read its pending tasks yet."
                }
            }
        }
    }

    private var fleet: Markup {
        section("instances", "Instances and requests") {
            if !detail.regionsRead.isEmpty {
                tag("p", ["class": "dim small"]) {
                    "Read at:"
                    for (index, region) in detail.regionsRead.keys.sorted().enumerated() {
                        "\(index == 0 ? " " : ", ")\(region) "
                        detail.regionsRead[region].map(layout.time) ?? Markup()
                    }
                    "."
                }
            }
            if detail.instances.isEmpty && detail.requests.isEmpty && detail.unseen.isEmpty {
                tag("p", ["class": "panel"], "EC2 shows no instance and no request.")
            }
            if !detail.instances.isEmpty { instances.markup }
            if !detail.requests.isEmpty { requests.markup }
            if !detail.unseen.isEmpty { unseen.markup }
        }
    }

    private var instances: DataTable {
        var table = DataTable(
            detail.instances.count > Self.listed
                ? "The newest \(Self.listed) of \(detail.instances.count) instances, newest first"
                : "\(detail.instances.count) instances, newest first", .init("Instance"), .init("State"),
            .init("Zone"), .init("Type"), .init("Launched"), .init("Market"), .init("Image"))
        for line in detail.instances.prefix(Self.listed) {
            table.add(
                Markup(line.instance.id),
                Markup(
                    line.isBooting(claimGrace: detail.claimGrace, now: detail.now)
                        ? "booting" : line.instance.state.rawValue),
                Markup(line.instance.pool.availabilityZone), Markup(line.instance.pool.instanceType),
                layout.time(line.instance.launchTime),
                Markup((line.instance.lifecycle ?? line.launch?.market)?.rawValue ?? "unknown"),
                Markup(line.instance.imageId))
        }
        return table
    }

    private var requests: DataTable {
        var table = DataTable(
            "Spot requests that are not fulfilled", .init("Request"), .init("Status"), .init("Zone"),
            .init("Type"), .init("Made"))
        for request in detail.requests {
            table.add(
                Markup(request.id), Markup(request.statusCode), Markup(request.availabilityZone ?? "any"),
                Markup(request.instanceType), layout.time(request.createTime))
        }
        return table
    }

    private var unseen: DataTable {
        var table = DataTable(
            "Launches that EC2 does not show yet", .init("Launch"), .init("State"), .init("Zone"),
            .init("Type"), .init("Made"))
        for launch in detail.unseen {
            table.add(
                Markup(launch.id), Markup(launch.state.rawValue), Markup(launch.pool.availabilityZone),
                Markup(launch.pool.instanceType), layout.time(launch.createdAt))
        }
        return table
    }

    private var launches: Markup {
        section("launches", "Launches and errors") {
            if detail.launches.isEmpty {
                tag("p", ["class": "panel"], "No instance has been launched yet.")
            } else {
                launchTable.markup
            }
        }
    }

    private var launchTable: DataTable {
        var table = DataTable(
            "The latest \(detail.launches.count) launches, newest first", .init("Requested"), .init("Pool"),
            .init("Spot price", isNumeric: true), .init("Maximum price", isNumeric: true),
            .init("State"), .init("Instance"), .init("Reason", isText: true))
        for launch in detail.launches {
            let reason = [launch.errorCode, launch.errorMessage].compactMap(\.self).joined(separator: ": ")
            table.add(
                layout.time(launch.createdAt), Markup("\(launch.pool)"),
                Markup(launch.market == .spot ? launch.spotPrice.usd.formatted(decimals: 4) : "on demand"),
                Markup(launch.bidPrice.usd.formatted(decimals: 4)), state(launch),
                Markup(launch.instanceId ?? "-"),
                Markup(reason.isEmpty ? "-" : SafeText.cut(reason, to: 500)))
        }
        return table
    }

    private func state(_ launch: Launch) -> Markup {
        switch launch.state {
        case .failed, .lost: HealthLevel.bad.markup(launch.state.rawValue)
        case .visible: Markup(launch.checkedInAt == nil ? "visible" : "checked in")
        case .stored, .submitted, .ended: Markup(launch.state.rawValue)
        }
    }

    private var decision: Markup {
        section("decision", "The last decision") {
            if detail.explanation.isEmpty {
                tag("p", ["class": "panel"], "There is no decision for this worker type yet.")
            } else {
                scrollable("The decision step by step", detail.explanation.joined(separator: "\n"))
            }
        }
    }
}
