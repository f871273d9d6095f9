import CCurl
import Domain
import Formats
import Foundation
import HTTPTransport
import TestSupport
import TestTags
import Testing

@Suite("HTTP", .tags(.webServer))
struct HTTPTransportTests {
    private let server: Server

    init() throws { server = try Server("odd_server.py") }

    @Test("Connections stay open between requests, also when few requests are left")
    func connections() async throws {
        let client = HTTPClient(connectionsPerHost: 8)
        let url = server.url
        var numbers: Set<Int> = []
        for _ in 0..<3 {
            numbers.formUnion(
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<60 {
                        group.addTask {
                            let response = try await client.send(HTTPRequest(.get, url + "/connections"))
                            return Int(String(decoding: response.body, as: UTF8.self)) ?? 0
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                })
            _ = try await client.send(HTTPRequest(.get, url + "/connections"))
        }
        #expect(!numbers.contains(0) && numbers.count <= 8, "\(numbers.sorted())")
    }

    private func failure(_ request: HTTPRequest, deadline: Date = .distantFuture) async -> TransportError? {
        do {
            _ = try await HTTPClient(deadline: deadline).send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("a library that is missing or lacks a function is named with the reason")
    func libraryErrors() {
        let table = UnsafeMutablePointer<curl_functions>.allocate(capacity: 1)
        defer { table.deallocate() }
        let missing = curl_functions_load(table, "libmissing.so.9").map { String(cString: $0) }
        #expect(missing?.hasPrefix("libmissing.so.9: cannot open") == true, "\(missing ?? "loaded")")
        let other = curl_functions_load(table, "libm.so.6").map { String(cString: $0) }
        #expect(
            other?.hasSuffix("libm.so.6: undefined symbol: curl_global_init") == true, "\(other ?? "loaded")")
        #expect(curl_functions_load(table, "libcurl.so.4") == nil)
    }

    @Test(
        "sends the method, headers and body, and returns the response",
        arguments: [HTTPRequest.Method.get, .post, .put])
    func exchange(method: HTTPRequest.Method) async throws {
        let body = method == .get ? "" : "some body"
        let response = try await HTTPClient().send(
            HTTPRequest(method, server.url + "/echo", headers: [("X-Test", "value")], body: Array(body.utf8)))
        let echo = try JSONValue(parsing: Data(response.body)).objectValue
        #expect(response.status == 200)
        #expect(echo?["method"]?.stringValue == method.rawValue)
        #expect(echo?["body"]?.stringValue == body)
        #expect(echo?["headers"]?.objectValue?["X-Test"] == "value")
    }

    @Test("sends 300 concurrent requests")
    func many() async throws {
        let client = HTTPClient()
        let url = server.url + "/echo"
        let answered = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let text = "request \(index)"
                    let response = try await client.send(HTTPRequest(.post, url, body: Array(text.utf8)))
                    return String(decoding: response.body, as: UTF8.self).contains("\"\(text)\"") ? 1 : 0
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(answered == 300)
    }

    @Test("ends a request without a response at its timeout and at the deadline")
    func hang() async {
        #expect(await failure(HTTPRequest(.get, server.url + "/hang", timeout: 0.2)) == .timedOut)
        #expect(
            await failure(HTTPRequest(.get, server.url + "/hang"), deadline: Date().addingTimeInterval(0.2))
                == .timedOut)
        #expect(await failure(HTTPRequest(.get, server.url + "/echo"), deadline: .distantPast) == .timedOut)
    }

    @Test("refuses a response body above the limit")
    func tooLong() async {
        #expect(
            await failure(HTTPRequest(.get, server.url + "/long", maxResponseBytes: 100_000))
                == .tooLarge(limit: 100_000))
        #expect(await failure(HTTPRequest(.get, server.url + "/long", maxResponseBytes: 200_000)) == nil)
    }

    @Test("reports an incomplete or invalid response as an error")
    func broken() async throws {
        guard case .broken = await failure(HTTPRequest(.get, server.url + "/cut")) else {
            Issue.record("an incomplete response was accepted")
            return
        }
        #expect(await failure(HTTPRequest(.get, server.url + "/not-http")) != nil)
        guard case .unreachable = await failure(HTTPRequest(.get, "http://127.0.0.1:1/")) else {
            Issue.record("port 1 has no server")
            return
        }
        guard case .unreachable = await failure(HTTPRequest(.get, "file:///etc/passwd")) else {
            Issue.record("only HTTP is supported")
            return
        }
    }

    @Test("does not follow redirects")
    func redirect() async throws {
        let response = try await HTTPClient().send(HTTPRequest(.get, server.url + "/redirect"))
        #expect(response.status == 302)
        #expect(response.headers["location"] == "/echo")
    }

    @Test("ends a transfer when its task is cancelled")
    func cancellation() async {
        let url = server.url + "/hang"
        let task = Task { await failure(HTTPRequest(.get, url)) }
        try? await Task.sleep(for: .milliseconds(50))
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test("signs requests by AWS Signature Version 4, session token included")
    func signature() async throws {
        let response = try await HTTPClient().send(
            HTTPRequest(
                .post, server.url + "/echo", body: Array("Action=X".utf8),
                signature: HTTPRequest.Signature(
                    accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "session",
                    region: "us-east-1", service: "ec2")))
        let headers = try JSONValue(parsing: Data(response.body)).objectValue?["headers"]?.objectValue
        let authorization = try #require(headers?["Authorization"]?.stringValue)
        #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIA/"))
        #expect(authorization.contains("/us-east-1/ec2/aws4_request"))
        #expect(authorization.contains("x-amz-security-token"))
        #expect(headers?["X-Amz-Security-Token"] == "session")
        #expect(!String(decoding: response.body, as: UTF8.self).contains("\"secret\""))
    }
}

@Suite("The delay before a retry")
struct RetryPolicyTests {
    private func delay(
        after attempt: Int, retryAfter: Double? = nil, jitter: Double = 1, deadline: Date = .distantFuture
    ) -> TimeInterval? {
        RetryPolicy(attempts: 4, base: 1, maxDelay: 3).delay(
            afterAttempt: attempt, retryAfter: retryAfter, jitter: jitter, now: .start, deadline: deadline)
    }

    @Test("doubles up to its bound, with full jitter, for a limited number of attempts")
    func growth() {
        #expect((1...4).map { delay(after: $0) } == [1, 2, 3, nil])
        #expect(delay(after: 2, jitter: 0) == 0)
        #expect(delay(after: 2, jitter: 0.25) == 0.5)
    }

    @Test("is at least the delay that the server requests, and never passes the deadline")
    func bounds() {
        #expect(delay(after: 1, retryAfter: 20) == 20)
        #expect(delay(after: 1, retryAfter: 20, deadline: .start.addingTimeInterval(10)) == nil)
    }
}
