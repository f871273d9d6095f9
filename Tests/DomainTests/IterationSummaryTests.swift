import Formats
import Foundation
import TestSupport
import Testing

@testable import Domain

@Suite("The report of an iteration")
struct IterationSummaryTests {
    private let bid = Bid(
        workerType: "alpha",
        pool: Pool(region: "us-east-1", availabilityZone: "us-east-1a", instanceType: "c5.xlarge"),
        capacity: 2, market: .onDemand, spotPrice: Price(usd: 0.1), effectivePrice: Price(usd: 0.2),
        bidPrice: Price(usd: 0.3))

    private func read(_ text: String) throws -> IterationSummary {
        try JSONDecoder().decode(IterationSummary.self, from: Data(text.utf8))
    }

    private var sample: IterationSummary {
        var summary = IterationSummary()
        summary.decisions = [
            IterationSummary.Decision(
                workerType: "alpha", pendingTasks: nil,
                tally: CapacityTally(running: 1, booting: 2, requested: 3), change: 4, bids: 1,
                problems: [Problem(.stopped, "a"), Problem(.warning, "b")], refusals: ["X: m"])
        ]
        summary.bids = [
            IterationSummary.SubmittedBid(
                bid, .failed, launchId: "l", instanceId: nil, spotRequestId: "sir-1",
                failure: ServiceFailure(kind: .noCapacity, code: "X", message: "m"))
        ]
        summary.terminated = [
            IterationSummary.TerminatedResource(
                id: "i-1", region: "us-east-1", workerType: "alpha", reason: .maxLife)
        ]
        summary.failures = [
            IterationSummary.Failure(
                subject: CallSubject(.keyPair, "us-east-1"), code: "cut", message: "cut off"),
            IterationSummary.Failure(
                subject: CallSubject(.interruptionQueue), code: "cut", message: "cut off"),
        ]
        summary.warnings = ["w"]
        summary.notices = 5
        summary.calls = CallStatistics(
            total: CallStatistics.Counts(calls: 9, retries: 1, throttles: 1, secondsWaited: 0.5),
            refusedByBudget: 2,
            actions: [
                CallStatistics.Action(
                    service: "ec2", action: "RunInstances", region: "us-east-1",
                    counts: CallStatistics.Counts(calls: 3))
            ],
            slowed: [CallStatistics.Limit(service: "ec2", region: "us-east-1", callsAtOnce: 8)])
        return summary
    }

    /// The sample as an older program stored it.
    private static let unversioned = """
        {
            "workerTypes": [
                {
                    "workerType": "alpha", "pendingTasks": null, "runningCapacity": 1, "pendingCapacity": 2,
                    "requestedCapacity": 3, "change": 4, "bids": 1,
                    "errors": ["stopped: a", "b", "X: m"]
                }
            ],
            "bids": [
                {
                    "workerType": "alpha", "region": "us-east-1", "zone": "us-east-1a",
                    "instanceType": "c5.xlarge", "capacity": 2, "spotPrice": 0.1, "effectivePrice": 0.2,
                    "bidPrice": 0.3, "market": "on-demand", "outcome": "failed", "launchId": "l",
                    "spotRequestId": "sir-1", "error": "X: m"
                }
            ],
            "skippedBids": 0,
            "terminated": [
                {
                    "id": "i-1", "region": "us-east-1", "workerType": "alpha",
                    "reason": "older than max life"
                }
            ],
            "cancelled": [], "notices": 5,
            "calls": {
                "calls": 9, "retries": 1, "throttles": 1, "secondsWaited": 0.5, "refusedByBudget": 2,
                "actions": [
                    {
                        "service": "ec2", "action": "RunInstances", "region": "us-east-1", "calls": 3,
                        "retries": 0, "throttles": 0, "secondsWaited": 0
                    }
                ],
                "slowed": [{"service": "ec2", "region": "us-east-1", "callsAtOnce": 8}]
            },
            "errors": [
                {"subject": "key pair us-east-1", "code": "cut", "message": "cut off"},
                {"subject": "interruption queue", "code": "cut", "message": "cut off"},
                {"subject": "warning", "code": "warning", "message": "w"}
            ]
        }
        """

    @Test("is read as it was stored")
    func roundTrip() throws {
        let text = String(decoding: try JSONEncoder().encode(sample), as: UTF8.self)
        #expect(text.contains("\"version\":1"))
        #expect(try read(text) == sample)
    }

    @Test("of an older program, which has no version, has the same content")
    func unversioned() throws {
        let old = try #require(IterationSummary(unversioned: try JSONValue(parsing: Self.unversioned.utf8)))
        #expect(old.json == sample.json)
        #expect(old.failures.map(\.subject) == sample.failures.map(\.subject))
        #expect(old.bids.first?.bid == bid)
        #expect(old.decisions.first?.problems.map(\.kind) == [.stopped, .warning, .warning])
        #expect(old.terminated == sample.terminated)
        #expect(old.calls == sample.calls)
    }

    @Test("of an older program that failed keeps its error, and unknown members are ignored")
    func unversionedError() throws {
        #expect(IterationSummary(unversioned: ["error": "disk full"])?.error == "disk full")
        let odd = try #require(
            IterationSummary(unversioned: [
                "bids": [["outcome": "new"], 3], "errors": [["subject": "new x"]],
            ]))
        #expect(odd.bids.isEmpty)
        #expect(odd.failures.map(\.subject) == [nil])
    }

    @Test("of a newer program is not read as one of this program or of an older one")
    func newer() throws {
        let text = String(decoding: try JSONEncoder().encode(sample), as: UTF8.self)
        let newer = text.replacing("\"version\":1", with: "\"version\":2")
        #expect(throws: DecodingError.self) { try read(newer) }
        #expect(IterationSummary(unversioned: try JSONValue(parsing: newer.utf8)) == nil)
    }

    @Test("contains problems that decisions of older programs stored as text")
    func problems() throws {
        let texts = ["stopped: a", "skipped: b", "c"]
        let old = try JSONDecoder().decode([Problem].self, from: JSONEncoder().encode(texts))
        #expect(old == [Problem(.stopped, "a"), Problem(.skipped, "b"), Problem(.warning, "c")])
        #expect(old.map(\.description) == texts)
        #expect(try JSONDecoder().decode([Problem].self, from: JSONEncoder().encode(old)) == old)
    }
}
