import Formats
import Foundation
import TestSupport
import Testing

@testable import Domain

@Suite("Notifications")
struct NotificationTests {
    private func tracked(
        _ subject: ProblemSubject, _ text: String = "text", owner: String = "", ended: Bool = false
    ) -> TrackedProblem {
        TrackedProblem(
            ObservedProblem(
                ObservedProblem.Identity(subject: subject, .decision, code: text), text: text, owner: owner),
            beganAt: .start, announcedAt: .start, endedAt: ended ? .start : nil)
    }

    private func deliveries(
        _ recipients: NotificationRecipients, _ changes: ProblemLedger.Changes
    ) -> [NotificationDelivery] {
        var count = 0
        return recipients.deliveries(of: changes, provisionerId: "p", now: .start) {
            count += 1
            return "id-\(count)"
        }
    }

    private let all = NotificationRecipients(
        includesOwners: true,
        operators: [
            NotificationRecipient(.email, "ops@example.com"), NotificationRecipient(.webhook),
            NotificationRecipient(.command),
        ])

    @Test("go to the owner of a worker type, and to each operator")
    func owners() {
        let found = deliveries(
            all,
            .init(
                began: [
                    tracked(.workerType("a"), "one", owner: "a@example.com"),
                    tracked(.workerType("a"), "two", owner: "a@example.com"), tracked(.region("us-east-1")),
                ], ended: [tracked(.deployment, ended: true)]))
        let emails = found.filter { $0.recipient.channel == .email }
        #expect(
            emails.map { "\($0.recipient.address): \($0.notification.title)" } == [
                "ops@example.com: p: 2 problems of worker type a began",
                "ops@example.com: p: 1 problem of region us-east-1 began",
                "a@example.com: p: 2 problems of worker type a began",
                "ops@example.com: p: 1 problem of the deployment ended",
            ])
        #expect(found.count == 10)
        #expect(Set(found.map(\.id)).count == 10)
    }

    @Test("of the deployment and of regions go to no owner, nor do those of an owner without an address")
    func withoutOwner() {
        let recipients = NotificationRecipients(includesOwners: true)
        let began = [
            tracked(.deployment), tracked(.region("us-east-1")), tracked(.workerType("a"), owner: "team a"),
            tracked(.workerType("b"), owner: "b@example.com>\r\nBcc: c@example.com"),
            tracked(.workerType("c")),
        ]
        #expect(deliveries(recipients, .init(began: began)) == [])
    }

    @Test("go once to an owner who is an operator")
    func ownerIsOperator() {
        let began = [tracked(.workerType("a"), owner: "ops@example.com")]
        #expect(deliveries(all, .init(began: began)).count == 3)
    }

    @Test("of more than ten problems are one digest for each recipient")
    func digest() throws {
        let many = (0..<60).map { tracked(.workerType("w\($0)"), owner: $0 < 2 ? "a@example.com" : "") }
        let found = deliveries(all, .init(began: many))
        #expect(found.count == 4)
        let webhook = try #require(found.first { $0.recipient.channel == .webhook }?.notification)
        #expect(webhook.items.count == 50)
        #expect(webhook.omitted == 10)
        #expect(webhook.title == "p: 60 problems of several worker types and regions began")
        #expect(found.last?.notification.items.count == 2)
        #expect(deliveries(all, .init(began: Array(many.prefix(10)))).count == 32)
    }

    @Test("have problem texts of one line and limited length, in code blocks of the e-mail")
    func texts() {
        let text = "a\u{202e}\r\n# heading `code` " + String(repeating: "x", count: 1000)
        let notification = ProblemNotification(
            id: "id", provisionerId: "p", change: .ended, at: .start,
            problems: [tracked(.workerType("w"), text, ended: true)])
        let lines = notification.markdown.split(separator: "\n")
        #expect(lines.first == "Worker type w:")
        #expect(lines.filter { $0.contains("heading") }.allSatisfy { $0.hasPrefix("    a\\u{202e}") })
        #expect(lines.contains { $0.hasPrefix("    since ") && $0.contains(", ended at ") })
        #expect(lines.allSatisfy { $0.count < 600 })
    }

    @Test("have stored forms that give the same notification")
    func coding() throws {
        let notification = ProblemNotification(
            id: "id", provisionerId: "p", change: .began, at: .start, problems: [tracked(.region("r"))])
        let data = try JSONEncoder().encode(notification)
        #expect(try JSONDecoder().decode(ProblemNotification.self, from: data) == notification)
    }

    @Test(
        "need addresses of e-mail",
        arguments: ["", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\n", "<a@b>", "a@b,c@d"])
    func invalidAddresses(text: String) {
        #expect(!NotificationRecipient.isAddress(text))
        #expect(NotificationRecipient.isAddress("first.last+tag@sub.example.com"))
    }

    @Test("identify a problem by its text without numbers and ids of resources")
    func identity() {
        let texts = [
            "2 instances are spot: i-0abc12345678, and (i-0abc12345679)",
            "3 instances are spot: i-0123456789abcdef0 and x",
        ]
        let codes = texts.map { ObservedProblem(warning: $0).identity.code }
        #expect(codes == [" instances are spot: and", " instances are spot: and x"])
    }
}
