import Domain
import Formats

/// The figures of a report as a table row.
package enum FigureTable {
    package static let titles = [
        "policy", "cost USD", "USD/task-hour", "wait median s", "wait 95 % s", "wait max s", "idle %",
        "boot %",
        "launches", "refused", "interrupted", "EC2 calls", "bound USD", "above bound %", "whole bound USD",
        "above whole bound %", "above same fleet %",
    ]

    package static func cells(_ report: SimulationReport) -> [String] {
        [
            report.policy, report.cost.formatted(decimals: 2), report.costPerTaskHour.formatted(decimals: 4),
            report.waiting.median.formatted(decimals: 0), report.waiting.percentile95.formatted(decimals: 0),
            report.waiting.longest.formatted(decimals: 0), (report.idleShare * 100).formatted(decimals: 1),
            (report.bootShare * 100).formatted(decimals: 1), "\(report.launches)", "\(report.refusals)",
            "\(report.interruptions)", "\(report.ec2Calls)", report.bound.formatted(decimals: 2),
            (report.gap * 100).formatted(decimals: 1), report.wholeBound.formatted(decimals: 2),
            (report.wholeGap * 100).formatted(decimals: 1), (report.purchaseGap * 100).formatted(decimals: 1),
        ]
    }
}
