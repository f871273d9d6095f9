import Formats
import Foundation
import TestSupport
import Testing

@testable import HTML

@Suite("Axes")
struct AxisTests {
    @Test(
        "end at round numbers whose half is round",
        arguments: [
            (0.0, 2.0), (1, 2), (2, 2), (3, 4), (5, 6), (9, 10), (11, 20), (21, 30), (45, 50), (100, 100),
            (101, 200),
        ])
    func counts(most: Double, high: Double) {
        let axis = Axis(of: [0, most], fromZero: true)
        #expect(axis.low == 0)
        #expect(axis.high == high)
    }

    @Test("hold all values, whatever they are")
    func bounds() {
        for values in [[], [0.0], [0.0312, 0.0318], [1e12, 3], [.nan, .infinity, 2], [-1, 1], [5e-10]] {
            for fromZero in [true, false] {
                let axis = Axis(of: values, fromZero: fromZero)
                #expect(axis.high > axis.low && axis.low >= 0)
                for value in values where value.isFinite && value >= 0 {
                    #expect(axis.low <= value * 1.000_001 && value <= axis.high * 1.000_001, "\(values)")
                }
                #expect((0...1).contains(axis.place(.infinity)) && (0...1).contains(axis.place(-5)))
            }
        }
    }

    @Test(
        "are written with as many decimals as tell their numbers",
        arguments: [
            ([45.0], true, ["50", "25", "0"]), ([0.4, 0.45], true, ["0.6", "0.3", "0.0"]),
            ([0.0313, 0.0318], false, ["0.0320", "0.0316", "0.0312"]),
        ])
    func labels(values: [Double], fromZero: Bool, labels: [String]) {
        #expect(Axis(of: values, fromZero: fromZero, atLeast: 0.01).labels == labels)
    }
}

@Suite("Time axes")
struct TimeAxisTests {
    @Test("name times of day, and days where there are several")
    func clock() {
        #expect(
            TimeAxis(begin: .start, end: .start.plus(minutes: 60)).labels
                == ["22:13", "22:28", "22:43", "22:58", "23:13"])
        #expect(TimeAxis(begin: .start, end: .start.plus(minutes: 8 * 1440)).labels.first == "11-14")
    }

    @Test(
        "of time that has passed end with the data, and name the unit",
        arguments: [
            (30.0, ["0.0 min", "0.1 min", "0.3 min", "0.4 min", "0.5 min"]),
            (3600, ["0 min", "15 min", "30 min", "45 min", "60 min"]),
            (88_200, ["0.0 h", "6.1 h", "12.3 h", "18.4 h", "24.5 h"]),
            (86_400, ["0 h", "6 h", "12 h", "18 h", "24 h"]),
            (345_600, ["0 days", "1 days", "2 days", "3 days", "4 days"]),
        ] as [(Double, [String])])
    func elapsed(seconds: Double, labels: [String]) {
        let axis = TimeAxis(begin: .start, elapsed: seconds)
        #expect(axis.labels == labels)
        #expect(axis.end == .start.addingTimeInterval(seconds))
    }
}

@Suite("Plots")
struct PlotTests {
    private let time = TimeAxis(begin: .start, end: .start.plus(minutes: 10))

    private func plot(_ series: StepPlot.Series) -> String {
        StepPlot(
            id: "p", title: "T", description: "D", time: time, axis: Axis(of: [0, 2], fromZero: true),
            series: [series]
        ).markup.html
    }

    @Test("hold a value until the next one, up to now, and leave out what is not known")
    func line() {
        let html = plot(
            .init(
                style: "s0",
                points: [
                    (.start, 2), (.start.plus(minutes: 2), nil), (.start.plus(minutes: 5), 1),
                    (.start.plus(minutes: 6), 0),
                ]))
        #expect(html.contains("d=\"M0 0H120M300 80H360V160H600\""))
    }

    @Test("fill the area between two lines")
    func area() {
        let html = plot(
            .init(style: "running", points: [(.start, 1), (.start.plus(minutes: 5), 2)], above: [0, 1]))
        #expect(html.contains("d=\"M0 160H0V80H300V0H600H600V80H300V160H0Z\""))
    }

    @Test(
        "write coordinates with as many digits as can be seen",
        arguments: [
            (0.0, "0"), (12, "12"), (12.5, "12.5"), (12.049, "12.05"), (12.004, "12"), (100, "100"),
            (-0.5, "-0.5"), (-3.25, "-3.25"), (-0.001, "0"), (1e20, "1e+20"),
        ])
    func coordinates(value: Double, text: String) { #expect(SVGFigure.short(value) == text) }

    @Test("say what they show")
    func words() {
        let html = plot(.init(style: "s0", points: []))
        #expect(html.contains("role=\"img\""))
        #expect(html.contains("aria-labelledby=\"p-title\""))
        #expect(html.contains("<title id=\"p-title\">T</title><desc id=\"p-description\">D</desc>"))
    }
}
