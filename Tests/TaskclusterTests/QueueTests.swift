import Domain
import Formats
import Foundation
import HTTPTransport
import Taskcluster
import TestSupport
import TestTags
import Testing

@Suite("The Queue client", .tags(.webServer))
struct QueueTests {
    private let server: Server
    private let credentials: TaskclusterCredentials

    init() throws {
        server = try Server("queue_server.py")
        credentials = try TaskclusterCredentials(clientId: "tester", accessToken: "queue-access-token")
    }

    private func client(
        _ credentials: TaskclusterCredentials? = nil, rootUrl: String? = nil, timeout: Double = 30
    ) -> QueueClient {
        QueueClient(
            http: HTTPClient(timeout: timeout), rootUrl: rootUrl ?? server.url,
            credentials: credentials ?? self.credentials,
            retry: RetryPolicy(attempts: 2, base: 0.01, maxDelay: 0.01))
    }

    private func failure(_ workerType: String, _ client: QueueClient) async -> ServiceFailure? {
        do {
            _ = try await client.pendingTasks(provisionerId: "p", workerType: workerType)
            return nil
        } catch {
            return error as? ServiceFailure
        }
    }

    @Test("signs concurrent requests that an independent implementation accepts")
    func signed() async throws {
        try await server.control(#"{"pending": {"alpha": 7}}"#)
        let client = client()
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<100 {
                group.addTask {
                    try await client.pendingTasks(
                        provisionerId: "p", workerType: index == 0 ? "alpha" : "other-\(index)")
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(counts == 7)
        #expect(try await server.control("{}").contains("\"requests\": 100, \"unsigned\": 0"))
    }

    @Test("sends the certificate of temporary credentials")
    func certificate() async throws {
        let temporary = try TaskclusterCredentials(
            clientId: "tester", accessToken: "queue-access-token", certificate: #"{"version": 1}"#)
        #expect(await failure("alpha", client(temporary)) == nil)
        let ext = Data(#"{"certificate":{"version":1}}"#.utf8).base64EncodedString()
        #expect(try await server.control("{}").contains(ext))
        #expect(throws: TaskclusterCredentials.CredentialsError.self) {
            try TaskclusterCredentials(clientId: "x", accessToken: "y", certificate: "[]")
        }
    }

    @Test("finds the Queue below a root with or without a slash")
    func roots() async throws {
        #expect(await failure("alpha", client(rootUrl: server.url + "/")) == nil)
    }

    @Test("reads pending and claimed tasks where the Queue and its scopes allow it")
    func taskCounts() async throws {
        try await server.control(
            #"""
            {"counts": {"alpha": {"pendingTasks": 7, "claimedTasks": 3}, "none": {"pendingTasks": 2},
                "negative": {"pendingTasks": 2, "claimedTasks": -1}, "odd": {"pendingTasks": 2, "claimedTasks": 1.5},
                "text": {"pendingTasks": 2, "claimedTasks": "3"}, "forbidden": 403, "broken": 500,
                "without": {"claimedTasks": 3}}}
            """#)
        func counts(_ workerType: String) async throws -> TaskCounts? {
            try await client().taskCounts(provisionerId: "p", workerType: workerType)
        }
        #expect(try await counts("alpha") == TaskCounts(pending: 7, claimed: 3))
        for name in ["none", "negative", "odd", "text"] {
            #expect(try await counts(name) == TaskCounts(pending: 2), "\(name)")
        }
        #expect(try await counts("unknown") == nil)
        #expect(try await counts("forbidden") == nil)
        for name in ["broken", "without"] {
            await #expect(throws: ServiceFailure.self) { try await counts(name) }
        }
    }

    @Test("classifies failures")
    func failures() async throws {
        let wrong = try TaskclusterCredentials(clientId: "tester", accessToken: "wrong")
        let refused = await failure("alpha", client(wrong))
        #expect(refused?.kind == .unauthorized)
        #expect(refused?.message == "bad signature", "the first line says what; the details stay out")
        try await server.control(
            #"{"fault": {"ill": "error", "slow": "hang", "odd": "garbage"}}"#)
        #expect(await failure("ill", client())?.kind == .throttled)
        #expect(await failure("slow", client(timeout: 0.2))?.kind == .unreachable)
        #expect(await failure("odd", client())?.code == "garbage")
    }

    @Test("sends declarations with signed bodies to the paths of the Queue, and classes their failures")
    func declarations() async throws {
        let expires = Date(timeIntervalSince1970: 1_800_000_000)
        for subject in [QueueDeclaration.Subject.provisioner, .workerType("alpha")] {
            try await client().declare(
                QueueDeclaration(subject, description: "a \"b\""), provisionerId: "p", expires: expires)
        }
        let document = try JSONValue(parsing: Data(try await server.control("{}").utf8))
        let payload: JSONValue = [
            "description": "a \"b\"", "expires": "2027-01-15T08:00:00.000Z", "stability": "stable",
        ]
        #expect(
            document.objectValue?["declared"] == [
                "/api/queue/v1/provisioners/p": [payload],
                "/api/queue/v1/provisioners/p/worker-types/alpha": [payload],
            ])
        for (status, kind) in [
            (404, ServiceFailure.Kind.notFound), (403, .unauthorized), (500, .throttled), (400, .other),
        ] {
            try await server.control("{\"declarations\": \(status)}")
            let failure = await #expect(throws: ServiceFailure.self) {
                try await client().declare(
                    QueueDeclaration(.provisioner, description: ""), provisionerId: "p", expires: expires)
            }
            #expect(failure?.kind == kind)
        }
        #expect(try await server.control("{}").contains("\"refused\": 4"), "no declaration is retried")
    }
}
