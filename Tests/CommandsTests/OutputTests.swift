import Domain
import Formats
import Foundation
import Platform
import Storage
import TestSupport
import Testing

@testable import Commands

@Suite("The output of commands")
struct OutputTests {
    @Test("escapes values and keeps literals")
    func terminalText() {
        let hostile = "a\u{1b}[31m\nb"
        let text: TerminalText = "line \(hostile)\n"
        #expect(text.rendered.hasPrefix("line a") && text.rendered.hasSuffix("\n"))
        #expect(!text.rendered.contains("\u{1b}") && text.rendered.split(separator: "\n").count == 1)
        #expect(!TerminalText(hostile).rendered.contains("\n"))
    }

    @Test("is truncated by visible characters, and ends its styles")
    func truncation() {
        let styled = TerminalText(escaped: "\u{1b}[1mworker type\u{1b}[0m  \u{1b}[1mpending\u{1b}[0m")
        #expect(styled.truncated(to: 20).rendered == styled.rendered)
        #expect(styled.truncated(to: 5).rendered == "\u{1b}[1mwork…\u{1b}[0m")
        #expect(styled.truncated(to: 11).rendered == "\u{1b}[1mworker typ…\u{1b}[0m")
        #expect(TerminalText("plain").truncated(to: 4).rendered == "pla…")
        #expect(TerminalText("plain").truncated(to: 5).rendered == "plain")
    }

    @Test("adds no styles to a table where standard output is not a terminal")
    func table() {
        var table = TextTable("name", "state")
        table.add("alpha", "ok")
        let lines = table.shown { _ in .green }.map(\.rendered)
        #expect(lines.count == 2 && lines[1].contains("alpha"))
        #expect(!lines.joined().contains("\u{1b}"))
    }

    @Test("of doctor ends with the exit code of the first failure")
    func doctorReport() {
        var report = DoctorReport()
        report.findings = [.ok("a", "x"), .note("b", "y")]
        #expect(report.exit == nil)
        report.findings += [.failed("c", "two\nlines", .configuration), .failed("d", "z", .unavailable)]
        #expect(report.exit == .configuration)
        #expect(report.lines(width: nil).count == 5)
        #expect(report.findings[2].detail == "two; lines")
        #expect(report.json["ok"] == false)
        #expect(report.json["checks"]?.arrayValue?.count == 4)
    }

    @Test("of doctor shows each reason once")
    func doctorReasons() {
        var report = DoctorReport()
        report.findings = [
            .failed("settings", "TASKCLUSTER_ROOT_URL (\"taskclusterRootUrl\") is required", .configuration),
            .failed("credentials", "no credentials", .configuration),
            .failed("region a", "unauthorized: no credentials", .configuration),
            .failed("queue", "TASKCLUSTER_ROOT_URL is not set", .configuration),
        ]
        let lines = report.lines(width: nil).map(\.rendered)
        #expect(lines[3].hasSuffix("see credentials") && lines[4].hasSuffix("see settings"), "\(lines)")
        #expect(report.json["checks"]?.arrayValue?.count == 4)
    }

    @Test("has the exit codes of the guide")
    func exitCodes() throws {
        let path = Paths.root + "/Sources/Commands/Commands.docc/ExitCodes.md"
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("|") }
        #expect(
            rows == ExitCodeTable.markdown.split(separator: "\n"), "put ExitCodeTable.markdown into the guide"
        )
    }

    @Test("suggests the command that is most similar to an unknown one")
    func commandHint() {
        func hint(_ arguments: [String]) -> String {
            ParserFailure.addingHint(
                to: "Error: Unexpected argument '\(arguments.last ?? "")'\nUsage", arguments: arguments)
        }
        #expect(hint(["statsu"]) == "Error: Unexpected argument 'statsu'. Did you mean 'status'?\nUsage")
        #expect(hint(["worker-type", "lst"]).contains("Did you mean 'list'?"))
        #expect(hint(["help", "explian"]).contains("Did you mean 'explain'?"))
        #expect(!hint(["status", "a", "demo"]).contains("Did you mean"))
        #expect(!hint(["frobnicate"]).contains("Did you mean"))
    }

    @Test("has events of their own for unanswered launches, interruptions and actions by hand")
    func eventKinds() throws {
        let folder = try TemporaryFolder()
        let database = try ProvisionerDatabase(path: folder.file("p.sqlite"), key: nil, create: true)
        let pool = Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.large")
        let bid = Bid(
            workerType: "alpha", pool: pool, capacity: 1, market: .spot, spotPrice: Price(usd: 0.1),
            effectivePrice: Price(usd: 0.1), bidPrice: Price(usd: 0.2))
        var summary = IterationSummary()
        summary.bids = [
            .init(bid, .unanswered, launchId: "l", instanceId: nil, spotRequestId: nil, failure: nil)
        ]
        func decision(_ change: Int, bids: Int = 0) -> IterationSummary.Decision {
            .init(
                workerType: "alpha", pendingTasks: 0, tally: CapacityTally(), change: change, bids: bids,
                problems: [], refusals: [])
        }
        // Running capacity is not given back.
        summary.decisions = [decision(-3)]
        let id = try database.iterations.begin(dryRun: false, now: .start)
        try database.iterations.finish(id, outcome: .success, summary: summary, now: .start)
        let first = try Event.events(of: #require(try database.iterations.lastFinished()))
        #expect(first.map(\.kind) == [.unanswered])
        summary.bids = []
        summary.decisions = [decision(-3), decision(2), decision(2, bids: 2)]
        summary.cancelled = [.init(id: "sir-1", region: "us-east-1", workerType: "alpha", reason: .surplus)]
        let next = try database.iterations.begin(dryRun: false, now: .start)
        try database.iterations.finish(next, outcome: .success, summary: summary, now: .start)
        let second = try Event.events(of: #require(try database.iterations.lastFinished()))
        #expect(second.map(\.kind) == [.decided, .decided, .decided, .cancelled])
        for (event, end) in zip(second, ["cancel 1 spot request", "2 needed, nothing bought", "buy 2"]) {
            #expect(event.text.hasSuffix(": " + end), "\(event.text)")
        }
        try database.audit.record(
            .terminated, .instance, [("i-1", "alpha")], note: "by hand", by: Author("me", by: "terminate"),
            now: .start)
        #expect(try database.audit.entries().map { Event($0).kind } == [.byHand])
        let reclaimed = Interruption(
            instanceId: "i-2", launchId: "l", workerType: "alpha", pool: pool,
            reason: "Server.SpotInstanceTermination",
            at: .start)
        #expect(Event(reclaimed).kind == .interrupted)
        #expect(Event(reclaimed).line.rendered.contains("interrupted  alpha: i-2 us-east-1a c5.large"))
    }

    @Test("has an event for each action of an iteration, and none for an iteration without actions")
    func events() throws {
        let folder = try TemporaryFolder()
        let database = try ProvisionerDatabase(path: folder.file("p.sqlite"), key: nil, create: true)
        func record(_ summary: IterationSummary) throws -> IterationRecord {
            let id = try database.iterations.begin(dryRun: false, now: .start)
            try database.iterations.finish(id, outcome: .success, summary: summary, now: .start)
            return try #require(try database.iterations.lastFinished())
        }
        #expect(Event.events(of: try record(IterationSummary())).isEmpty)
        var summary = IterationSummary()
        summary.terminated = [
            IterationSummary.TerminatedResource(
                id: "i-1", region: "us-east-1", workerType: "alpha", reason: .surplus)
        ]
        summary.failures = [
            .init(subject: CallSubject(.region, "us-east-1"), code: "c", message: "slow")
        ]
        summary.error = "disk full"
        let events = Event.events(of: try record(summary))
        #expect(events.map(\.kind) == [.terminated, .failed, .failed])
        #expect(
            events.map(\.text) == [
                "i-1: capacity no longer needed", "region us-east-1: slow", "disk full",
            ])
        #expect(events.allSatisfy { $0.json["iterationId"] == 2 })
        #expect(events[0].line.rendered.contains("terminated  alpha: i-1: capacity no longer needed"))
    }
}
