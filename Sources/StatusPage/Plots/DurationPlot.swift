import Domain
import Formats
import FoundationEssentials
import HTML
import Storage

/// The durations of the latest iterations as bars, oldest first. The colour is the outcome.
struct DurationPlot {
    /// Newest first.
    let iterations: [IterationRecord]

    private static let slot = 10.0
    private static let height = 60.0

    var markup: Markup {
        let shown = iterations.filter { !$0.dryRun }.reversed()
        let durations = shown.compactMap { record in
            record.finishedAt.map { max(0, $0.timeIntervalSince(record.startedAt)) }
        }
        let axis = Axis(of: durations, fromZero: true)
        let outcomes = Dictionary(grouping: shown) { $0.outcome?.rawValue ?? "not finished" }
            .map { "\($0.value.count) \($0.key)" }.sorted()
        return tag("div", ["class": "plot low"]) {
            tag("div", ["class": "axis y", "aria-hidden": "true"]) {
                for label in axis.labels { tag("span", [:], label + " s") }
            }
            SVGFigure(
                id: "durations", width: Int(Self.slot) * max(1, shown.count), height: Int(Self.height),
                title: "Durations of the last \(shown.count) iterations",
                description: "At most \(Self.words(durations.max() ?? 0)); "
                    + outcomes.joined(separator: ", ")
            ).markup(class: nil) {
                SVGFigure.line(
                    class: "grid", 0, Self.height, Self.slot * Double(max(1, shown.count)), Self.height)
                for (index, record) in shown.enumerated() { bar(record, index, axis) }
            }
            tag("div", ["class": "axis x", "aria-hidden": "true"]) {
                for record in [shown.first, shown.last].compactMap(\.self) {
                    tag("span", [:], String(record.startedAt.timestamp.dropFirst(11).prefix(5)))
                }
            }
        }
    }

    /// A duration with two decimals below ten seconds, else one.
    static func words(_ seconds: Double) -> String {
        seconds.formatted(decimals: seconds < 10 ? 2 : 1) + " s"
    }

    private func bar(_ record: IterationRecord, _ index: Int, _ axis: Axis) -> Markup {
        let seconds = record.finishedAt.map { $0.timeIntervalSince(record.startedAt) }
        let height = max(2, axis.place(seconds ?? axis.high) * Self.height)
        let style = Outcome.style(record.outcome)
        return SVGFigure.bar(
            class: style, x: Double(index) * Self.slot + 1, y: Self.height - height, width: Self.slot - 2,
            height: height)
    }
}

/// The outcome of an iteration as a colour and as text.
enum Outcome {
    /// The class of its bar in the style sheet.
    static func style(_ outcome: IterationOutcome?) -> String { outcome?.rawValue ?? "unfinished" }

    static func markup(_ outcome: IterationOutcome?) -> Markup {
        let judgement: HealthLevel =
            switch outcome {
            case .success: .good
            case .degraded, .partial, nil: .warning
            case .failed: .bad
            }
        return judgement.markup(outcome?.rawValue ?? "not finished")
    }
}
