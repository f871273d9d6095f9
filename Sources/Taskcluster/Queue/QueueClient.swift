package import Domain
import Formats
import FoundationEssentials
package import HTTPTransport

/// A client of the Taskcluster Queue.
package struct QueueClient: TaskQueue {
    let caller: ServiceCaller
    let base: String
    private let credentials: TaskclusterCredentials?

    /// - Parameters:
    ///   - caller: the caller that all clients of an iteration share.
    ///   - rootUrl: the root URL of the Taskcluster deployment.
    package init(caller: ServiceCaller, rootUrl: String, credentials: TaskclusterCredentials?) {
        self.caller = caller
        base = ServiceRoot.url("queue", rootUrl: rootUrl)
        self.credentials = credentials
    }

    /// Creates a client with a caller of its own.
    package init(
        http: HTTPClient, rootUrl: String, credentials: TaskclusterCredentials?,
        retry: RetryPolicy = .standard
    ) {
        self.init(
            caller: ServiceCaller(http: http, policy: retry), rootUrl: rootUrl, credentials: credentials)
    }

    /// Returns the number of pending tasks of a worker type.
    package func pendingTasks(provisionerId: String, workerType: String) async throws -> Int {
        let path = "pending/\(PercentEncoding.encode(provisionerId))/\(PercentEncoding.encode(workerType))"
        return try await get(path, action: "pendingTasks").pending
    }

    /// Returns the numbers of pending and claimed tasks of a worker type; nil where the Queue has no such method, or
    /// where the client lacks the scopes for it.
    package func taskCounts(provisionerId: String, workerType: String) async throws -> TaskCounts? {
        let path = "task-queues/\(PercentEncoding.encode("\(provisionerId)/\(workerType)"))/counts"
        do {
            return try await get(path, action: "taskQueueCounts")
        } catch let failure as ServiceFailure
            where [.notFound, .unauthorized, .other].contains(failure.kind)
        {
            return nil
        }
    }

    private func get(_ path: String, action: String) async throws -> TaskCounts {
        let url = "\(base)/\(path)"
        return try await caller.call(OutgoingCall(service: "queue", action: action), failsFast: true) {
            await exchange(
                {
                    HTTPRequest(
                        .get, url, headers: try headers(method: "GET", url: url), maxResponseBytes: 1 << 20)
                },
                repeats: true
            ) { response in response.status == 200 ? try Self.read(response.body) : nil }
        }
    }

    /// Makes one attempt of a call.
    ///
    /// - Parameters:
    ///   - repeats: whether another attempt may follow a transient failure.
    ///   - read: reads a response; nil for a response that reports a failure.
    func exchange<Value>(
        _ request: () throws -> HTTPRequest, repeats: Bool, read: (HTTPResponse) throws -> Value?
    ) async -> AttemptResult<Value, ServiceFailure> {
        func retry(_ reason: RetryReason) -> RetryReason? { repeats ? reason : nil }
        do {
            let response = try await caller.http.send(try request())
            if let value = try read(response) { return .success(value) }
            let failure = Self.failure(response)
            let retryAfter = response.retryAfter(now: Date())
            switch response.status {
            case 429: return .failure(failure, retry: retry(.throttled(retryAfter: retryAfter)))
            case 500...599: return .failure(failure, retry: retry(.transient(retryAfter: retryAfter)))
            default: return .failure(failure, retry: nil)
            }
        } catch let error as TransportError {
            return .failure(
                ServiceFailure(kind: .unreachable, code: "unreachable", message: error.description),
                retry: retry(RetryReason(error)))
        } catch let failure as ServiceFailure {
            return .failure(failure, retry: nil)
        } catch {
            return .failure(
                ServiceFailure(kind: .unauthorized, code: "not-signed", message: "\(error)"), retry: nil)
        }
    }

    func headers(
        method: String, url: String, hash: String? = nil
    ) throws -> [(name: String, value: String)] {
        guard let credentials, let request = HawkRequest(method: method, url: url) else { return [] }
        return [try credentials.header(for: request, hash: hash)]
    }

    /// Reads the counts of a response. An invalid number of claimed tasks counts as unknown.
    private static func read(_ body: [UInt8]) throws -> TaskCounts {
        let document = try? JSONValue(parsing: Data(body))
        func count(_ member: String) -> Int? {
            document?.objectValue?[member]?.integerValue.flatMap {
                (0...1_000_000_000).contains($0) ? $0 : nil
            }
        }
        guard let pending = count("pendingTasks") else {
            throw ServiceFailure(
                kind: .unreachable, code: "garbage",
                message: "the Queue's response has no number of pending tasks")
        }
        return TaskCounts(pending: pending, claimed: count("claimedTasks"))
    }

    static func failure(_ response: HTTPResponse) -> ServiceFailure {
        let document = try? JSONValue(parsing: Data(response.body))
        let code = document?.objectValue?["code"]?.stringValue ?? "http-\(response.status)"
        // The first line of the Queue's messages is the problem. A block of details follows.
        let text = document?.objectValue?["message"]?.stringValue ?? "HTTP status \(response.status)"
        let kind: ServiceFailure.Kind =
            switch response.status {
            case 401, 403: .unauthorized
            case 404: .notFound
            case 429, 500...599: .throttled
            default: .other
            }
        return ServiceFailure(
            kind: kind, code: String(code.prefix(100)),
            message: String(text.prefix { !$0.isNewline }.prefix(300)))
    }
}
