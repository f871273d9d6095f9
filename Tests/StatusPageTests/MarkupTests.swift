import Cryptography
import Domain
import Foundation
import TestSupport
import Testing

@testable import StatusPage

@Suite("Markup")
struct MarkupTests {
    @Test("escapes every text and every value")
    func escaping() {
        let hostile = "<script>alert('x')</script> & \"quoted\""
        let html = tag("a", ["href": hostile, "title": nil], hostile).html
        #expect(
            html == "<a href=\"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;\">"
                + "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;</a>")
    }

    @Test("holds no character that no document may hold, or that turns the text around it")
    func controls() {
        #expect(
            Markup("a\u{0}b\u{1b}c\u{202e}d\u{2066}e\nf").html == "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\nf")
    }

    @Test("ends elements, but those that have no end")
    func elements() {
        #expect(tag("p") { tag("input", ["name": "q"]) }.html == "<p><input name=\"q\"></p>")
    }

    @Test("The style sheet's hash is that of its text")
    func hash() throws {
        let digest = try SHA256.hash("\(StyleSheet.text)".utf8)
        #expect(StyleSheet.hash == "sha256-" + Data(digest).base64EncodedString())
    }
}

@Suite("URLs of pages")
struct LinkTests {
    @Test(
        "stand below the program's own path, which cannot lead elsewhere",
        arguments: [
            ("", "/"), ("/status", "/status/"), ("/status/", "/status/"),
            ("//evil.example", "/evil.example/"),
            ("/a b/\"><x", "/a%20b/%22%3E%3Cx/"), ("javascript:alert(1)", "/javascript%3Aalert%281%29/"),
        ])
    func base(script: String, overview: String) {
        #expect(Links(scriptName: script).overview == overview)
    }

    @Test("are encoded and decoded again")
    func encoding() {
        let text = "a b&c=d/é%\u{1F600}"
        #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
        #expect(PercentEncoding.decode("a+b") == "a b")
        for wrong in ["%", "%4", "%zz", "%+1", "%-1", "%ff"] { #expect(PercentEncoding.decode(wrong) == nil) }
    }
}

@Suite("Axes")
struct AxisTests {
    @Test(
        "end at round numbers whose half is round",
        arguments: [
            (0.0, 2.0), (1, 2), (2, 2), (3, 4), (5, 6), (9, 10), (11, 20), (45, 60), (100, 100), (101, 200),
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
}

@Suite("Plots")
struct PlotTests {
    private let time = TimeAxis(begin: .start, end: .start.plus(minutes: 10))

    private func plot(_ series: StepPlot.Series) -> String {
        StepPlot(
            id: "p", title: "T", description: "D", time: time, axis: Axis(of: [0, 2], fromZero: true),
            decimals: 0,
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

    @Test("say what they show")
    func words() {
        let html = plot(.init(style: "s0", points: []))
        #expect(html.contains("role=\"img\""))
        #expect(html.contains("aria-labelledby=\"p-title\""))
        #expect(html.contains("<title id=\"p-title\">T</title><desc id=\"p-description\">D</desc>"))
    }

    @Test("A bar shows each state by its share of what is allowed, and never leaves its track")
    func bar() {
        func bar(_ tally: CapacityTally, pending: Int?, max: Int = 10) -> String {
            CapacityBar(id: "b", tally: tally, pendingTasks: pending, minimum: 2, maximum: max).markup.html
        }
        let html = bar(CapacityTally(running: 4, pending: 2, requested: 1), pending: 1_000_000)
        #expect(html.contains("class=\"running\" x=\"0\" y=\"2\" width=\"40\""))
        #expect(html.contains("class=\"booting\" x=\"40\" y=\"2\" width=\"20\""))
        #expect(html.contains("class=\"requested\" x=\"60\" y=\"2\" width=\"10\""))
        #expect(html.contains("class=\"waiting\" x=\"0\" y=\"15\" width=\"100\""))
        #expect(
            html.contains("4 running, 2 booting, 1 requested, from 2 to 10 allowed, 1000000 tasks pending"))
        #expect(
            bar(CapacityTally(running: 20), pending: nil).contains(
                "class=\"track\" x=\"0\" y=\"2\" width=\"50\""))
        #expect(!bar(CapacityTally(), pending: 0, max: 0).contains("class=\"running\""))
    }
}
