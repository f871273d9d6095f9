import Domain
import Formats

/// The figures of a report as a table row.
package enum FigureTable {
    package static let titles = [
        "policy", "USD", "USD/task-hour", "wait median", "wait 95%", "wait max", "idle %", "boot %",
        "launches",
        "refused", "interrupted", "EC2 calls", "bound USD", "above bound %", "above same fleet %",
    ]

    package static func cells(_ report: SimulationReport) -> [String] {
        [
            report.policy, fixed(report.cost, 2), fixed(report.costPerTaskHour, 4),
            fixed(report.waiting.median, 0), fixed(report.waiting.percentile95, 0),
            fixed(report.waiting.longest, 0), fixed(report.idleShare * 100, 1),
            fixed(report.bootShare * 100, 1), "\(report.launches)", "\(report.refusals)",
            "\(report.interruptions)", "\(report.ec2Calls)", fixed(report.bound, 2),
            fixed(report.gap * 100, 1), fixed(report.purchaseGap * 100, 1),
        ]
    }
}
