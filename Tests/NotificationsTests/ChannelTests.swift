import Domain
import Formats
import Foundation
import HTTPTransport
import Notifications
import Taskcluster
import TestSupport
import TestTags
import Testing

@Suite("The channels of notifications", .tags(.webServer))
struct ChannelTests {
    private let server: Server
    private let notification = ProblemNotification(
        id: "notification-id", provisionerId: "p", change: .began, at: .start,
        problems: [
            TrackedProblem(
                ObservedProblem(
                    ObservedProblem.Identity(subject: .workerType("alpha"), .decision, code: "c"),
                    text: "stopped: \u{1b}[2J`x`\nnext"), beganAt: .start)
        ])

    init() throws { server = try Server("notification_server.py") }

    private func failure(_ channel: any NotificationChannel, timeout: Double = 30) async
        -> NotificationFailure?
    {
        do throws(NotificationFailure) {
            try await channel.send(notification, to: "owner@example.com", timeout: timeout)
            return nil
        } catch {
            return error
        }
    }

    private func email(_ token: String = "queue-access-token") throws -> NotifyClient {
        NotifyClient(
            http: HTTPClient(), rootUrl: server.url,
            credentials: try TaskclusterCredentials(clientId: "tester", accessToken: token))
    }

    private func webhook(_ key: String = "planted-webhook-key", path: String = "/hook") -> Webhook {
        Webhook(http: HTTPClient(), url: server.url + path, key: Array(key.utf8))
    }

    private func received(_ member: String) async throws -> [JSONObject] {
        let state = try JSONValue(parsing: Data(try await server.control("{}").utf8)).objectValue
        return (state?[member]?.arrayValue ?? []).compactMap(\.objectValue)
    }

    @Test("send e-mail by requests to the Notify service that an independent implementation of Hawk accepts")
    func emails() async throws {
        #expect(await failure(try email()) == nil)
        let payload = try #require(try await received("emails").first)
        #expect(payload["address"] == "owner@example.com")
        #expect(payload["subject"] == "p: 1 problem of worker type alpha began")
        #expect(Set(payload.keys) == ["address", "subject", "content"])
        let content = payload["content"]?.stringValue ?? ""
        #expect(content.contains(#"    stopped: \u{1b}[2J`x`\u{a}next"# + "\n"), "code on one line")
        #expect(!content.contains("\u{1b}"))
    }

    @Test("send documents to a webhook with a signature of the timestamp and the body")
    func hooks() async throws {
        #expect(await failure(webhook()) == nil)
        let document = try #require(try await received("hooks").first)
        #expect(document["id"] == "notification-id")
        #expect(document["change"] == "began")
        let problem = document["problems"]?.arrayValue?.first?.objectValue
        #expect(problem?["subject"] == "workerType")
        #expect(problem?["name"] == "alpha")
        #expect(problem?["endedAt"] == .null)
    }

    @Test("report a wrong key, and no message contains it")
    func wrongKeys() async throws {
        let messages = [
            await failure(webhook("another-webhook-key"))?.message,
            await failure(try email("other-token"))?.message,
        ]
        #expect(
            messages == [
                "the webhook responded with status 401",
                "the Notify service: AuthenticationFailed: bad signature",
            ])
        #expect(try await server.control("{}").contains("\"refused\": 2"))
    }

    @Test("tell failures of one recipient from failures of all recipients")
    func failures() async throws {
        for (status, concernsChannel) in [(400, false), (403, false), (404, true), (429, true), (503, true)] {
            try await server.control("{\"status\": \(status)}")
            #expect(await failure(try email())?.concernsChannel == concernsChannel, "\(status)")
        }
        #expect(await failure(webhook())?.message == "the webhook responded with status 503")
    }

    @Test("end an attempt at its timeout")
    func timeouts() async throws {
        try await server.control("{\"hang\": true}")
        #expect(await failure(webhook(), timeout: 0.2)?.message == "the webhook: no response in time")
        #expect(await failure(try email(), timeout: 0.2)?.concernsChannel == true)
    }

    private func command(_ script: String) -> NotificationCommand {
        NotificationCommand(
            words: ["sh", "-c", script],
            environment: ["PATH": "/usr/bin:/bin", "TASKCLUSTER_ACCESS_TOKEN": "planted"])
    }

    @Test("start a command with the document on its standard input, and without secrets in its environment")
    func commands() async throws {
        let folder = try TemporaryFolder()
        let (input, variables) = (folder.file("input"), folder.file("variables"))
        #expect(await failure(command("cat > '\(input)'; env > '\(variables)'")) == nil)
        let document = try JSONValue(parsing: try Data(contentsOf: URL(filePath: input)))
        #expect(document == .object(notification.json))
        #expect(try !String(contentsOfFile: variables, encoding: .utf8).contains("planted"))
    }

    @Test("report a command that fails or takes too long, and accept a command that ignores its input")
    func failedCommands() async throws {
        #expect(await failure(command("exit 0")) == nil)
        #expect(
            await failure(command("echo planted >&2; exit 3"))?.message
                == "the command sh: it ended with exit code 3")
        #expect(
            await failure(command("sleep 60"), timeout: 0.2)?.message
                == "the command sh: it did not end in time")
        let missing = NotificationCommand(words: ["/nonexistent", "planted"], environment: [:])
        let message = await failure(missing)?.message ?? ""
        #expect(message.hasPrefix("the command /nonexistent: it cannot be started"))
        #expect(!message.contains("planted"))
    }
}
