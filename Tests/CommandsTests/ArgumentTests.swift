import ArgumentParser
import Domain
import Formats
import Foundation
import Testing

@testable import Commands

@Suite("The command line")
struct ArgumentTests {
    @Test(
        "accepts the arguments of each command",
        arguments: [
            ["init", "--json"], ["doctor", "--max-age", "10m"],
            ["doctor", "--iam-policy", "--pass-role", "arn:aws:iam::123456789012:role/a"], ["migrate"],
            ["worker-type", "list"], ["worker-type", "show", "a", "--json"],
            ["worker-type", "apply", "a.json", "-"],
            ["worker-type", "diff", "a"], ["worker-type", "edit", "a", "--yes"],
            ["worker-type", "history", "a", "--secrets"], ["worker-type", "remove", "a"],
            ["worker-type", "validate", "a"], ["client", "add", "a", "--scope", "b", "--scope", "c"],
            ["client", "list"], ["client", "remove", "--", "-a"], ["client", "narrow-issuer", "--dry-run"],
            ["export", "--json"], ["import", "a", "--dry-run"], ["iterate", "--dry-run", "--deadline", "5m"],
            ["status", "a", "--json", "--database", "d", "--config", "c"], ["explain", "a", "--at", "2h"],
            ["explain", "a", "--iteration", "7"], ["instances", "--state", "running", "--market", "spot"],
            ["terminate", "i-0123abcd", "--yes"], ["terminate", "--worker-type", "a"],
            ["events", "--since", "1d", "--kind", "launched", "-f"], ["backup", "a"],
            ["restore", "a", "--keep-secrets"], ["prune", "--iterations", "2d", "--vacuum"],
            ["simulate", "--seed", "2"], ["demo", "--minutes", "3"], ["man"],
        ])
    func accepts(arguments: [String]) throws {
        _ = try Provisioner.parseAsRoot(arguments)
    }

    @Test(
        "refuses wrong arguments with the exit code of usage",
        arguments: [
            ["unknown"], ["doctor", "--max-age", "soon"], ["doctor", "--max-age", "1m", "--iam-policy"],
            ["doctor", "--pass-role", "a"], ["doctor", "--iam-policy", "--pass-role", "a"],
            ["worker-type", "show"], ["client", "add"], ["explain"],
            ["explain", "a", "--at", "2h", "--iteration", "1"], ["instances", "--state", "lost"],
            ["terminate"], ["terminate", "i-0123abcd", "--worker-type", "a"], ["terminate", "x"],
            ["events", "--interval", "0"], ["events", "--kind", "x"], ["prune", "--launches", "1h"],
            ["demo", "--minutes", "x"], ["status", "a", "b"],
        ])
    func refuses(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try Provisioner.parseAsRoot(arguments) }
        #expect(error.map { Provisioner.exitCode(for: $0).rawValue } == 64)
    }

    @Test("reads durations with a unit, and shows them in one unit")
    func durations() {
        let texts = ["90": 90.0, "90s": 90, "10m": 600, "96h": 345_600, "30d": 2_592_000]
        for (text, seconds) in texts { #expect(DurationArgument(argument: text)?.seconds == seconds) }
        for text in ["", "m", "-1s", "0", "0s", "1w", "nan", "inf"] {
            #expect(DurationArgument(argument: text) == nil)
        }
        let shown = [
            119.0: "119 s", 120: "2 min", 7199: "119 min", 7200: "2 h", 172_800: "2 days", -5: "0 s",
        ]
        for (seconds, text) in shown { #expect(RelativeTime.text(seconds) == text) }
        #expect(RelativeTime.text(1e300) == "1000000 days")
    }

    @Test("reads lists by commas and repetition")
    func lists() throws {
        let read = try #require(
            try Provisioner.parseAsRoot([
                "instances", "--state", "running,pending", "--state", "stopped", "--region", "a,b",
            ]) as? Instances)
        #expect(read.state.values() == [.running, .pending, .stopped])
        #expect(read.region.values() == ["a", "b"])
        for text in ["", "running,", "running,lost"] {
            #expect(ListArgument<Instance.State>(argument: text) == nil)
        }
        let recorded = try #require(
            try Provisioner.parseAsRoot(["simulate", "--regions", "a,b", "c"]) as? Simulate)
        #expect(recorded.market.regions == ["a", "b", "c"])
    }

    @Test("reads the options of an incomplete command line for its completion")
    func completedOptions() {
        #expect(CompletionKind.value(of: "--database", in: ["status", "--database", "a"]) == "a")
        #expect(CompletionKind.value(of: "--database", in: ["status", "--database=b", "x"]) == "b")
        #expect(CompletionKind.value(of: "--database", in: ["status", "--database"]) == nil)
    }

    @Test("reads a moment as a time or as a duration before now")
    func moments() {
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        #expect(Moment(argument: "2h")?.date(now: now) == now - 7200)
        #expect(Moment(argument: "2023-11-14T22:13:20Z")?.date(now: .distantPast) == now)
        #expect(Moment(argument: "yesterday") == nil)
    }
}
