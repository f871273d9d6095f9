import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Notifications")
struct NotifyTests {
    private let receiver: Server
    private var deployment: Deployment

    init() async throws {
        receiver = try Server("notification_server.py")
        deployment = try await Deployment()
        let key = try deployment.folder.write("planted-webhook-key\n", to: "webhook.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        deployment.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK"] = receiver.url + "/hook"
        deployment.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK_KEY_FILE"] = key
    }

    private func received() async throws -> JSONObject {
        try JSONValue(parsing: Data(try await receiver.control("{}").utf8)).objectValue ?? [:]
    }

    @Test(
        "reach the webhook, whose failures do not change the exit code of an iteration, and are shown by events"
    )
    func iterations() async throws {
        try await deployment.apply("alpha", .sample(maxPrice: 0.000_001))
        try await deployment.setPending(["alpha": 2])
        let before = try await deployment.run("iterate", "--dry-run")
        try await receiver.control(#"{"status": 503}"#)
        let failed = try await deployment.run("iterate")
        #expect(failed.status == before.status)
        #expect(failed.errors.contains("the webhook responded with status 503"))
        #expect(!failed.errors.contains("planted-webhook-key"))
        #expect(
            try await deployment.run("doctor").output.contains("1 notifications of the last day are not sent")
        )
        let status = try await deployment.run("status")
        #expect(status.output.contains("notifications: 1 problems have begun and not ended\n"))
        #expect(
            status.output.contains("notifications: 1 notifications of the last day are not sent: webhook: "))
        let document = try await deployment.run("status", "--json").output
        let failure = try JSONValue(parsing: Data(document.utf8)).objectValue?["notifications"]?.objectValue
        #expect(failure?["unsentCount"] == 1)
        #expect(failure?["lastFailure"]?.objectValue?.text("channel") == "webhook")
        try await receiver.control(#"{"status": 200}"#)
        for _ in 0..<2 { _ = try await deployment.run("iterate") }
        let state = try await received()
        #expect(state.list("hooks").count == 1)
        #expect(state["refused"] == 0)
        #expect(state.list("hooks").first?.list("problems").first?.text("name") == "alpha")
        let events = try await deployment.run("events", "--kind", "notified")
        #expect(events.output.contains("webhook: test-provisioner: 1 problem of worker type alpha began"))

        var silent = deployment
        silent.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK"] = nil
        _ = try await silent.run("iterate")
        #expect(
            try await silent.run("status").output.contains("notifications:") == false,
            "without recipients no problem is announced")
    }

    @Test("are tested by a command, which reports each channel")
    func test() async throws {
        var environment = deployment.environment
        environment["TASKCLUSTER_ROOT_URL"] = receiver.url
        environment["AWS_PROVISIONER_NOTIFY_OWNERS"] = "true"
        let file = deployment.folder.file("document")
        environment["AWS_PROVISIONER_NOTIFY_COMMAND"] = "tee '\(file)'"
        func run(_ arguments: String...) async throws -> Command {
            try await Command.run(
                Paths.provisioner, ["notify", "test"] + arguments, environment: environment)
        }
        #expect(try await run().status == 64, "the recipient of the e-mail is missing")
        #expect(try await run("--address", "x").status == 64)
        let sent = try await run("--address", "ops@example.com")
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(sent.output.split(separator: "\n").count { $0.contains(" sent ") } == 3)
        let state = try await received()
        #expect(state.list("emails").map { $0.text("address") } == ["ops@example.com"])
        #expect(state.list("hooks").map { $0.text("change") } == ["test"])
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains(#""change":"test""#))

        try await receiver.control(#"{"status": 503}"#)
        #expect(try await run("--address", "ops@example.com").status == 69)
        environment["TASKCLUSTER_ACCESS_TOKEN"] = "other-token"
        let refused = try await run("--address", "ops@example.com", "--json")
        #expect(refused.status == 78)
        #expect(!(refused.output + refused.errors).contains("other-token"))
    }

    @Test("are accepted by the documented receiver with the right key alone")
    mutating func documentedReceiver() async throws {
        let article = try String(
            contentsOfFile: Paths.root + "/Sources/Commands/Commands.docc/Notifications.md", encoding: .utf8)
        let block = try #require(article.firstMatch(of: /(?s)```python\n(.+?)```/)).output.1
        let key = try #require(deployment.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK_KEY_FILE"])
        let script = String(block).replacing("/etc/aws-provisioner/webhook.key", with: key)
            .replacing(
                #"http.server.HTTPServer(("", 8080), Receiver).serve_forever()"#,
                with: """
                    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
                    print(server.server_address[1], flush=True)
                    server.serve_forever()
                    """)
        let receiver = try Server(try deployment.folder.write(script, to: "receiver.py"))
        deployment.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK"] = receiver.url
        #expect(try await deployment.run("notify", "test").status == 0)
        deployment.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK_KEY"] = "another-webhook-key"
        let refused = try await deployment.run("notify", "test")
        #expect(refused.status == 69)
        #expect(refused.output.contains("status 401"))
    }

    @Test(
        "without recipients or with incomplete settings are a failure of the test and of doctor, and not of iterations"
    )
    mutating func configuration() async throws {
        let key = try #require(deployment.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK_KEY_FILE"])
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        for command in [["notify", "test"], ["doctor"]] {
            let ended = try await Command.run(
                Paths.provisioner, command, environment: deployment.environment)
            #expect(ended.status == 78, "\(command)")
            #expect(ended.output.contains("readable by all users"), "\(ended.output)")
        }
        _ = try await deployment.iterate()
        deployment.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK_KEY_FILE"] = nil
        #expect(try await deployment.run("notify", "test").output.contains("notifyWebhookKeyFile"))
        deployment.environment["AWS_PROVISIONER_NOTIFY_WEBHOOK"] = nil
        let none = try await deployment.run("notify", "test")
        #expect(none.status == 78)
        #expect(none.errors.contains("no recipient is configured"))
        #expect(try await !deployment.run("doctor").output.contains("notif"))
    }
}
