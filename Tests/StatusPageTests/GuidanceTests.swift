import Domain
import Foundation
import Storage
import TestSupport
import Testing

@testable import StatusPage

@Suite("Problems on the status page")
struct GuidanceTests {
    @Test("shows a failing region as such, also if it was never read")
    func regions() throws {
        let fixture = try Fixture()
        try fixture.fill()
        let before = fixture.get().body
        #expect(before.contains(">eu-west-1</th>") && before.contains("1 failing"))
        #expect(before.contains("</span>read</span>"), "us-east-1")
        let failure = ServiceFailure(kind: .other, code: "Code", message: "message")
        try fixture.database.regions.setFailures(
            [CallSubject(.region, "us-east-1"): failure], now: Fixture.now.plus(minutes: -1))
        let after = fixture.get().body
        #expect(!after.contains("</span>read</span>"))
        #expect(!after.contains(">eu-west-1</th>"))
    }

    @Test("links each problem to its chapter, and shows all times in one form")
    func guidance() throws {
        let fixture = try Fixture()
        try fixture.fill()
        let pages = ["/", "/worker-type/alpha"].map { fixture.get($0).body }
        let guide = fixture.get("/guide").body
        for chapter in GuideChapter.allCases {
            #expect(guide.contains("<h2 id=\"\(chapter.rawValue)\">"))
            #expect(!guide.contains("`"))
        }
        for page in pages {
            let linked = Set(page.matches(of: /\/status\/guide#([a-z]+)"/).map { String($0.output.1) })
            #expect(linked.isSubset(of: GuideChapter.allCases.map(\.rawValue)))
            #expect(linked.isSuperset(of: ["stopped", "holds", "terminations"]))
            for time in page.matches(of: /<time [^>]*>([^<]*)<\/time>/) {
                #expect(
                    time.output.1.wholeMatch(of: /([0-9-]{10} )?[0-9:]{8} UTC \((in )?\d+ [a-z]+( ago)?\)/)
                        != nil,
                    "\(time.output.1)")
            }
        }
        #expect(pages[0].contains("/status/guide#calls"))
    }

    @Test("shows notifications that are not sent, with the escaped failure")
    func unsentNotifications() throws {
        let fixture = try Fixture()
        #expect(!fixture.get().body.contains("not sent"))
        let notification = ProblemNotification(
            testWithId: "n1", provisionerId: "p", at: Fixture.now.plus(minutes: -1))
        try fixture.database.notifications.record(
            ProblemLedger(), replacing: ProblemLedger(),
            deliveries: [NotificationDelivery(notification, to: NotificationRecipient(.webhook))],
            now: Fixture.now.plus(minutes: -1))
        try fixture.database.notifications.recordAttempt(
            "n1", failure: "refused: \(Fixture.hostile)", now: Fixture.now)
        let page = fixture.get().body
        #expect(page.contains("1 notifications of the last day are not sent: webhook: refused: &lt;script"))
        #expect(page.contains("/status/guide#notifications"))
    }
}
