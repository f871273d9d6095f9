import Configuration
import Domain
import Formats
import Platform
import Provisioning
import Storage

/// Compares a dry iteration with one after an event of EC2.
struct RehearsalOutput {
    private let actual: IterationReport
    private let rehearsed: IterationReport

    /// Runs both iterations.
    init(of run: borrowing IterationRun, _ rehearsal: Rehearsal) async throws {
        actual = try await run.iterate()
        rehearsed = try await run.iterate(rehearsing: rehearsal)
    }

    /// A figure of a worker type's decision that the event changes.
    private struct Difference {
        let workerType: String
        let figure: String
        let actual: Int
        let rehearsed: Int
    }

    func show(_ tables: TableOptions, _ json: JSONOption) throws {
        let differences = differences
        if json.isSet {
            return try Terminal.print(
                document: [
                    "differences": .array(
                        differences.map {
                            [
                                "workerType": .string($0.workerType), "figure": .string($0.figure),
                                "actual": .integer(Int64($0.actual)),
                                "rehearsed": .integer(Int64($0.rehearsed)),
                            ]
                        })
                ])
        }
        var table = TextTable("worker type", "figure", "as it is", "rehearsed")
        for item in differences {
            table.add(item.workerType, item.figure, "\(item.actual)", "\(item.rehearsed)")
        }
        Terminal.print(table.isEmpty ? ["the next decision would be the same"] : table.shown(tables))
    }

    private var differences: [Difference] {
        let names = Set((actual.decisions + rehearsed.decisions).map(\.workerType)).sorted()
        return names.flatMap { name in
            let before = Self.figures(of: name, in: actual)
            let after = Self.figures(of: name, in: rehearsed)
            return Self.order(before.keys, after.keys).compactMap { figure -> Difference? in
                let (before, after) = (before[figure] ?? 0, after[figure] ?? 0)
                guard before != after else { return nil }
                return Difference(workerType: name, figure: figure, actual: before, rehearsed: after)
            }
        }
    }

    private static let decisionFigures = ["running", "booting", "requested", "change"]

    /// The figures of the decision first, then those of bids.
    private static func order(_ figures: some Sequence<String>, _ more: some Sequence<String>) -> [String] {
        let bids = Set(figures).union(more).subtracting(decisionFigures)
        return decisionFigures + bids.sorted()
    }

    private static func figures(of name: String, in report: IterationReport) -> [String: Int] {
        var figures: [String: Int] = [:]
        for decision in report.decisions where decision.workerType == name {
            figures = [
                "running": decision.tally.running, "booting": decision.tally.booting,
                "requested": decision.tally.requested, "change": decision.change?.change ?? 0,
            ]
        }
        for result in report.bids where result.bid.workerType == name {
            switch result.outcome {
            case .planned, .launched: figures["launches in \(result.bid.pool)", default: 0] += 1
            case .failed, .unanswered:
                let code = result.failure?.code ?? "no response"
                figures["refusals in \(result.bid.pool): \(code)", default: 0] += 1
            case .skipped: figures["bids not submitted in \(result.bid.pool)", default: 0] += 1
            }
        }
        return figures
    }
}
