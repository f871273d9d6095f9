import Domain
import Formats
import Foundation
import Storage
import TestSupport
import TestTags
import Testing

@Suite("The pages on a phone of 360 pixels, with the longest names", .tags(.browser))
struct NarrowPageTests {
    /// Elements that extend beyond the screen or whose content extends beyond them. Preformatted text scrolls.
    private static let overflows = """
        [...document.querySelectorAll("body *")].filter(element => {
            const box = element.getBoundingClientRect();
            if (element.closest("pre, svg, .skip, thead") || box.width === 0) return false;
            return box.right > innerWidth + 0.5 || box.left < -0.5
                || getComputedStyle(element).display !== "inline" && element.scrollWidth > element.clientWidth + 1;
        }).map(element => element.tagName + "." + element.className + ": " + element.textContent.slice(0, 60))
        """

    @Test("show nothing beyond the edge of the screen or of a card")
    func widths() async throws {
        let fixture = try Fixture()
        try fixture.fill()
        let name = String(repeating: "w", count: 38)
        let long = String(repeating: "x", count: 64)
        var definition = WorkerTypeDefinition.sample(maxCapacity: 1_000_000)
        definition.description = String(repeating: "d", count: 300)
        definition.instanceTypes[0].instanceType = long
        definition.regions[0].region = long
        try fixture.add(name, definition)
        let type = WorkerType(name: name, definition: definition, lastModified: .start)
        var decision = WorkerTypeDecision.sample(
            type, pendingTasks: 1_000_000, tally: CapacityTally(running: 999_999),
            at: Fixture.now.plus(minutes: -1))
        decision.add(problems: [Problem(.stopped, long + long), Problem(.skipped, long + long)])
        try fixture.decide(decision)
        let pool = Pool(region: long, availabilityZone: long, instanceType: long)
        try fixture.launch("l9", workerType: name, pool: pool) { launch in
            launch.state = .failed
            launch.errorCode = long
            launch.errorMessage = long + long
            launch.instanceId = "i-" + long
        }
        let failure = ServiceFailure(kind: .other, code: long, message: long + long)
        try fixture.database.regions.setFailures(
            [CallSubject(.region, long): failure], now: Fixture.now.plus(minutes: -1))
        try fixture.database.holds.record(
            Hold(
                subject: .pool(pool, .spot), until: Fixture.now.plus(minutes: 15), failures: 1, code: long,
                message: long, since: Fixture.now))

        let pages = ["/", "/?q=nothing", "/worker-type/\(name)", "/worker-type/alpha", "/guide", "/nowhere"]
        let visits = try pages.enumerated().map { index, path -> JSONValue in
            let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
            let body = fixture.get(parts[0], query: parts.count > 1 ? parts[1] : "").body
            let file = try fixture.folder.write(body, to: "page-\(index).html")
            return [
                "url": .string("file://" + file), "width": 360, "height": 800, "mobile": true,
                "evaluate": .string(Self.overflows),
            ]
        }
        let results = try await Browser.visit(visits)
        #expect(results.count == pages.count)
        for (page, result) in zip(pages, results) {
            let found = try #require(result["value"]?.arrayValue, "\(page)")
            #expect(found.isEmpty, "\(page): \(found)")
        }
    }
}
