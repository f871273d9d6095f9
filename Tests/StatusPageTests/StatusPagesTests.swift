import CGI
import Domain
import Formats
import Foundation
import HTML
import Storage
import TestSupport
import Testing

@testable import StatusPage

@Suite("The status page")
struct StatusPagesTests {
    private static let pages = [
        "/", "/worker-type/alpha", "/worker-type/beta", "/guide", "/costs", "/metrics", "/nowhere",
    ]

    @Test("shows no secret and runs no markup of others, on any page", arguments: pages)
    func nothingLeaks(path: String) throws {
        let fixture = try Fixture()
        try fixture.fill()
        let answer = fixture.get(path)
        #expect(!answer.body.contains("planted-secret") && !answer.body.contains("planted-token"))
        #expect(!answer.body.contains("planted-access") && !answer.body.contains("planted-user"))
        #expect(!answer.body.contains("planted-password") && !answer.body.contains("planted-worker"))
        #expect(!answer.body.contains("planted-client"))
        #expect(!answer.body.contains("<script"))
        #expect(!answer.body.contains("style=\""), "no inline style, which the policy forbids")
        #expect(answer.log.isEmpty)
    }

    @Test("is guarded by its headers, errors too", arguments: pages)
    func headers(path: String) throws {
        let response = try Fixture().get(path).response
        let policy = try #require(response.header("Content-Security-Policy"))
        #expect(policy.hasPrefix("default-src 'none'; style-src '\(StyleSheet.hash)';"))
        #expect(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"))
        #expect(!policy.contains("unsafe"))
        #expect(response.header("X-Content-Type-Options") == "nosniff")
        #expect(response.header("Referrer-Policy") == "no-referrer")
        #expect(response.header("Cache-Control") == "no-store")
        #expect(response.header("Refresh") == nil)
    }

    @Test("shows what there is: capacities, failures, stopped worker types, each with its time")
    func overview() throws {
        let fixture = try Fixture()
        try fixture.fill()
        let body = fixture.get().body
        #expect(body.contains("href=\"/status/worker-type/alpha\">alpha</a>"))
        #expect(body.contains("1 running, 1 booting, 1 requested, from 1 to 8 allowed, 5 tasks pending"))
        #expect(body.contains("region eu-west-1: Code: "))
        #expect(body.contains("us-east-1a c5.xlarge"), "the hold")
        #expect(body.contains("0.12<small> USD/h</small>"))
        #expect(body.contains("stopped:"))
        #expect(body.contains("datetime=\"\(Fixture.now.plus(minutes: -1).timestamp)\""))
    }

    @Test("shows how instances end, and what the last iteration's calls took")
    func endings() throws {
        let fixture = try Fixture()
        let before = fixture.get().body
        #expect(before.contains("No termination is pending."))
        #expect(before.contains("EC2 interrupted no spot instance in 30 days and 0.0 instance-hours."))
        try fixture.fill()
        let body = fixture.get().body
        for text in [
            "not terminated after 2 requests", "older than max life", "Interrupted spot instances",
            ">100.00</td>",
            "Notices of the last day: 1 interruptions, 0 recommendations to rebalance, 0 ends",
            "12 calls, 2 retries, 1 throttled, 1.5 s waited", "3 calls, 2 retries, 1 throttled",
        ] { #expect(body.contains(text), "\(text)") }
        let alpha = fixture.get("/worker-type/alpha").body
        #expect(
            alpha.contains("not terminated after 2 requests") && alpha.contains("Notices of the last day"))
        #expect(!fixture.get("/worker-type/beta").body.contains("Terminations and notices"))
    }

    @Test("shows all of a worker type: fleet, launches, errors, prices, decision, definition")
    func workerType() throws {
        let fixture = try Fixture()
        try fixture.fill()
        let body = fixture.get("/worker-type/alpha").body
        for text in [
            "i-1", "booting", "sir-1", "l3", "Refused: &lt;script&gt;", "us-east-1a c5.xlarge", "0.1200",
            "change = 5 pending tasks - (1 booting + 1 requested)", "&quot;maxCapacity&quot;: 8",
            "&quot;secrets&quot;: &quot;&lt;secret&gt;&quot;",
            "&quot;apiToken&quot;:&quot;&lt;secret&gt;&quot;",
            "id=\"capacity-title\"", "id=\"prices-title\"", "Its secrets are sealed",
        ] { #expect(body.contains(text), "\(text)") }
        #expect(
            fixture.get("/worker-type/beta").body.contains("There is no decision for this worker type yet."))
    }

    @Test("shows an instance whose tags EC2 does not show yet by the launch that is behind it")
    func untagged() throws {
        let fixture = try Fixture()
        try fixture.fill()
        try fixture.launch("l4") { launch in
            launch.state = .submitted
            launch.instanceId = "i-4"
        }
        let before = fixture.get("/worker-type/alpha").body
        #expect(before.contains(">l4</th>") && before.contains("1 instances"))
        var state = try #require(try fixture.database.regions.all()["us-east-1"])
        state.instances.append(
            Instance(
                id: "i-4", pool: Fixture.pool, imageId: "ami-1", state: .pending,
                launchTime: Fixture.now.plus(minutes: -1), tags: [:]))
        try fixture.database.regions.save([state])
        let after = fixture.get("/worker-type/alpha").body
        #expect(after.contains("2 instances, newest first") && after.contains(">i-4</th>"))
        #expect(!after.contains(">l4</th>"), "EC2 shows it now")
    }

    @Test("names the worker types whose instances may accept IMDSv1, as advice")
    func metadata() throws {
        let fixture = try Fixture()
        for (name, tokens) in [("refusing", "required"), ("allowing", "optional")] {
            #expect(!fixture.get().body.contains("IMDSv1"))
            var definition = WorkerTypeDefinition.sample()
            definition.launchSpec["MetadataOptions"] = ["HttpTokens": .string(tokens)]
            try fixture.add(name, definition)
        }
        try fixture.add("silent")
        #expect(
            fixture.get().body.contains(
                "Instances of these worker types may accept IMDSv1: allowing, silent."))
    }

    @Test("says what is missing while there is nothing")
    func empty() throws {
        let fixture = try Fixture()
        let body = fixture.get().body
        #expect(body.contains("There is no worker type yet"))
        #expect(body.contains("No iteration has run yet"))
        #expect(body.contains("pending"))
        try fixture.add("alpha")
        #expect(fixture.get("/worker-type/alpha").response.status == 200)
    }

    @Test(
        "tells healthy, partial, late and failing iterations apart",
        arguments: [
            (-1, .partial, "partial"), (-1, .degraded, "degraded"),
            (-1.0, IterationOutcome.success, "healthy"), (-9, .success, "late"), (-1, .failed, "failing"),
        ])
    func health(minutes: Double, outcome: IterationOutcome, word: String) throws {
        let fixture = try Fixture()
        let end = Fixture.now.plus(minutes: minutes)
        let id = try fixture.database.iterations.begin(dryRun: false, now: end)
        try fixture.database.iterations.finish(id, outcome: outcome, summary: IterationSummary(), now: end)
        #expect(fixture.get().body.contains("</span>\(word)</span>"))
    }

    @Test("counts the capacity that the last iteration bought as requested")
    func purchases() throws {
        let fixture = try Fixture()
        try fixture.add("alpha")
        try fixture.decide(.sample(.sample("alpha"), pendingTasks: 3, tally: CapacityTally(running: 2)))
        #expect(fixture.get().body.contains("2 running, 0 booting, 0 requested"))
        let end = Fixture.now.plus(minutes: -0.5)
        var summary = IterationSummary()
        for (capacity, outcome) in [(3, BidResult.Outcome.launched), (5, .failed)] {
            let bid = Bid(
                workerType: "alpha", pool: Fixture.pool, capacity: capacity, market: .spot,
                spotPrice: .zero, effectivePrice: .zero, bidPrice: .zero)
            summary.bids.append(
                .init(bid, outcome, launchId: "l", instanceId: nil, spotRequestId: nil, failure: nil))
        }
        let id = try fixture.database.iterations.begin(dryRun: false, now: end)
        try fixture.database.iterations.finish(id, outcome: .success, summary: summary, now: end)
        let body = fixture.get().body
        #expect(body.contains("2 running, 0 booting, 3 requested"))
        #expect(body.contains("3 booting or requested."))
        let page = fixture.get("/worker-type/alpha").body
        #expect(page.contains("Requested</p><p class=\"figure\">3<"))
    }

    @Test("filters and sorts, without a script")
    func filtering() throws {
        let fixture = try Fixture()
        for (name, pending, running) in [("build-a", 0, 7), ("build-b", 9, 3), ("test-c", 2, 100)] {
            try fixture.add(name)
            try fixture.decide(
                .sample(.sample(name), pendingTasks: pending, tally: CapacityTally(running: running)))
        }
        try fixture.add("zeta")
        func shown(_ query: String) -> [String] {
            fixture.get(query: query).body.matches(of: /worker-type\/([a-z-]+)">/).map { String($0.output.1) }
        }
        #expect(shown("") == ["build-a", "build-b", "test-c", "zeta"])
        #expect(shown("q=BUILD&show=&sort=") == ["build-a", "build-b"])
        #expect(shown("sort=pending") == ["build-b", "test-c", "build-a", "zeta"])
        #expect(shown("sort=running&order=ascending") == ["zeta", "build-b", "build-a", "test-c"])
        #expect(shown("sort=name&order=descending") == ["zeta", "test-c", "build-b", "build-a"])
        #expect(shown("show=waiting") == ["build-b", "test-c"])
        #expect(shown("show=full") == ["test-c"])
        #expect(shown("show=idle") == ["zeta"])
        #expect(shown("show=problems") == ["build-b"], "the one that would buy and has no pool")
        #expect(shown("q=%3Cb%3E").isEmpty)
        #expect(fixture.get(query: "q=%3Cb%3E").body.contains("value=\"&lt;b&gt;\""))
        #expect(fixture.get(query: "sort=pending").body.contains("aria-sort=\"descending\""))
    }

    @Test(
        "answers odd questions with what is wrong with them",
        arguments: [
            ("/", "colour=red", 400), ("/", "sort=price", 400), ("/", "show=some", 400), ("/", "q=%zz", 400),
            ("/", "q=a&q=b", 400), ("/", "refresh=1", 400), ("/", "refresh=x", 400),
            ("/", "q=" + String(repeating: "x", count: 3000), 400), ("/worker-type/alpha", "hours=5", 400),
            ("/worker-type/alpha", "hours=99999999999999999999", 400), ("/metrics", "x", 400),
            ("/costs", "days=2", 400), ("/costs", "hours=1", 400),
            ("/worker-type/unknown", "", 404), ("/worker-type/", "", 404), ("/worker-type", "", 404),
            ("/worker-type/alpha/x", "", 404), ("/worker-type/../../etc/passwd", "", 404),
            ("/worker-type/a b<i>", "", 404), ("//", "", 404), ("/x", "", 404),
        ])
    func oddQuestions(path: String, query: String, status: Int) throws {
        let fixture = try Fixture()
        try fixture.add("alpha")
        let answer = fixture.get(path, query: query)
        #expect(answer.response.status == status)
        #expect(answer.body.contains("<h1>") && answer.body.contains("To the overview"))
        #expect(!answer.body.contains("<i>"))
    }

    @Test("is read, and nothing else", arguments: ["POST", "PUT", "DELETE", "OPTIONS", "BREW"])
    func methods(method: String) throws {
        let fixture = try Fixture()
        let response = fixture.get(method: method).response
        #expect(response.status == 405)
        #expect(response.header("Allow") == "GET, HEAD")
        #expect(fixture.get("/nowhere", method: method).response.status == 404)
    }

    @Test("reloads itself only where that is asked for")
    func refresh() throws {
        let fixture = try Fixture()
        #expect(fixture.get(query: "refresh=60").response.header("Refresh") == "60")
    }

    @Test("tells a visitor that the database cannot be read, and the operator why")
    func brokenDatabase() throws {
        func answer(_ error: StorageError) -> (CGIResponse, [String]) {
            final class Lines: @unchecked Sendable { var all: [String] = [] }
            let lines = Lines()
            let source = StatusPages.Source(
                overview: { _ in throw error }, overviewWithTerminations: { _ in throw error },
                workerType: { _, _ in throw error },
                costs: { _ in throw error }, metrics: { ("", "") })
            let pages = StatusPages(source, provisionerId: "p", interval: 60, now: .start) {
                lines.all.append($0)
            }
            return (pages.respond(PageRequest(environment: ["PATH_INFO": "/"])), lines.all)
        }
        let (missing, log) = answer(.missing(path: "/secret/place"))
        #expect(missing.status == 503)
        #expect(!String(decoding: missing.body, as: UTF8.self).contains("/secret/place"))
        #expect(log.first?.contains("/secret/place") == true)
        #expect(answer(.busy).0.status == 503)
        #expect(answer(.olderSchema(path: "x")).0.status == 503)
        #expect(answer(.corrupt(what: "x", reason: "y")).0.status == 500)
    }

    @Test("A definition is written with what fits on one line on one line, and is the same JSON")
    func definition() throws {
        let type = WorkerType.sample()
        let text = DefinitionText(type, hasSecrets: false).text
        #expect(try JSONValue(parsing: Data(text.utf8)) == type.json)
        #expect(text.split(separator: "\n").allSatisfy { $0.count < 130 })
        #expect(text.split(separator: "\n").count < 40)
    }
}
