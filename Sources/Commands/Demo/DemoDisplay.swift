import Domain
import Formats
import Glibc
import Provisioning
import Simulation

/// Shows the iterations of the demonstration: a table that is drawn over itself on a terminal, else plain lines.
struct DemoDisplay {
    let minutes: Int
    let isLive: Bool
    private var drawn = 0
    private var launched = 0
    private var refused = 0
    private var recent: [String] = []

    init(minutes: Int, isLive: Bool) {
        self.minutes = minutes
        self.isLive = isLive
        Terminal.print("aws-provisioner demo: \(minutes) minutes of virtual time, one iteration a minute,")
        Terminal.print("a simulated EC2 (2 regions, 5 zones, 6 instance types) and a simulated Queue\n")
    }

    /// - Parameter others: texts about other events: the operator's, ended instances and notifications.
    mutating func show(
        minute: Int, _ report: IterationReport, others: [String], _ account: SimulatedWorld.Account
    ) {
        launched += report.bids.count { $0.outcome == .launched }
        refused += report.bids.count { $0.outcome == .failed }
        let events = others.map { "minute \(minute): \($0)" } + events(of: report, minute: minute)
        let cost =
            "running cost \(account.costPerHour.formatted(decimals: 2)) USD/h, spent \(account.cost.formatted(decimals: 2)) USD, "
            + "\(account.tasksDone) tasks done"
        guard isLive else {
            for decision in report.decisions {
                Terminal.print(
                    "minute \(minute): \(decision.workerType): \(decision.pendingTasks ?? 0) pending tasks, "
                        + "\(decision.tally.running) running, \(decision.tally.booting) booting, "
                        + "\(decision.tally.requested) requested, change \(decision.change?.change ?? 0)")
            }
            Terminal.print(events.map { TerminalText($0) })
            Terminal.print("minute \(minute): \(cost)")
            return
        }
        recent = (recent + events).suffix(8)
        var lines: [TerminalText] = [TerminalText(progress(minute)), ""]
        var table = TextTable("worker type", "pending", "running", "booting", "requested", "max", "change")
        for decision in report.decisions {
            table.add(
                decision.workerType, "\(decision.pendingTasks ?? 0)", "\(decision.tally.running)",
                "\(decision.tally.booting)", "\(decision.tally.requested)", maximum(of: decision.workerType),
                "\(decision.change?.change ?? 0)")
        }
        lines += table.shown() + ["", TerminalText(cost), ""] + recent.map { TerminalText($0) }
        lines += Array(repeating: "", count: max(0, 8 - recent.count))
        if drawn > 0 { Terminal.write("\u{1b}[\(drawn)A") }
        let width = Terminal.width ?? 100
        for line in lines {
            Terminal.print("\u{1b}[2K\(line.truncated(to: width))")
        }
        drawn = lines.count
        fflush(nil)
    }

    func finish(_ account: SimulatedWorld.Account) {
        let waits = Percentiles(account.waits)
        func wait(_ share: Double) -> String {
            waits.value(at: share).map { ($0 / 60).formatted(decimals: 1) } ?? "-"
        }
        Terminal.print()
        Terminal.print(
            "\(account.tasksDone) tasks done, \(account.taskHours.formatted(decimals: 1)) task-hours")
        Terminal.print(
            "\(launched) instances launched, \(refused) launches refused, \(account.interrupted) interrupted")
        Terminal.print("waiting time: median \(wait(0.5)) min, 95th percentile \(wait(0.95)) min")
        let each = account.taskHours > 0 ? account.cost / account.taskHours : 0
        Terminal.print(
            "spent \(account.cost.formatted(decimals: 2)) USD, \(each.formatted(decimals: 3)) USD a task-hour"
        )
    }

    /// - Parameter database: the path of the database that was kept; nil without one.
    static func showNextSteps(database: String?) {
        Terminal.print()
        guard let database else {
            Terminal.print("Next steps. Keep the database for status and explain:")
            Terminal.print("  aws-provisioner demo --database demo.sqlite")
            Terminal.print("Try the API of EC2 without an account, in a clone:")
            Terminal.print("  Tests/sandbox")
            Terminal.print("Install a deployment: README.md, Getting started.")
            return
        }
        Terminal.print("Next steps. Look at the database, whose times end now:")
        let path = ShellWord.quoted(database)
        Terminal.print("  aws-provisioner status --database \(path)")
        for name in Demonstration.workerTypes.map(\.name).prefix(1) {
            Terminal.print("  aws-provisioner explain \(name) --database \(path)")
        }
        Terminal.print("  aws-provisioner events --database \(path)")
        Terminal.print("Print the status page:")
        Terminal.print("  AWS_PROVISIONER_DATABASE=\(path) PATH_INFO=/ aws-provisioner-status")
    }

    private func events(of report: IterationReport, minute: Int) -> [String] {
        let bids = Dictionary(grouping: report.bids) { result in
            "\(result.outcome.rawValue) \(result.bid.workerType) \(result.bid.pool)"
        }.sorted { $0.key < $1.key }
        var events = bids.compactMap { _, results -> String? in
            guard let first = results.first else { return nil }
            let bid = first.bid
            switch first.outcome {
            case .launched:
                return "minute \(minute): \(bid.workerType): bought \(results.count) x \(bid.pool) at "
                    + "\(bid.spotPrice.usd.formatted(decimals: 4)) USD/h, bid \(bid.bidPrice.usd.formatted(decimals: 4))"
            case .failed:
                return "minute \(minute): \(bid.workerType): \(bid.pool) refused: "
                    + "\(first.failure?.code ?? "no reason")"
            case .unanswered, .skipped, .planned: return nil
            }
        }
        events += report.terminated.map {
            "minute \(minute): \($0.workerType): terminated \($0.id): \($0.reason.rawValue)"
        }
        return events
    }

    private func progress(_ minute: Int) -> String {
        let width = 40
        let filled = width * minute / max(1, minutes)
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
            + "] minute \(minute) of \(minutes)"
    }

    private func maximum(of workerType: String) -> String {
        Demonstration.workerTypes.first { $0.name == workerType }?.document.objectValue?["maxCapacity"]?
            .integerValue.map(String.init) ?? "-"
    }
}
