import Cryptography
import Domain
import Formats
import FoundationEssentials
package import HTTPTransport

/// The Taskcluster Queue, as far as a provisioner needs it.
package struct QueueClient: TaskQueue {
    let caller: ServiceCaller
    let base: String
    private let credentials: TaskclusterCredentials?

    /// - Parameters:
    ///   - caller: shared by all who call a service in the same iteration.
    ///   - rootUrl: the deployment's root; the original one's services have hosts of their own.
    package init(caller: ServiceCaller, rootUrl: String, credentials: TaskclusterCredentials?) {
        self.caller = caller
        base = ServiceRoot.url("queue", rootUrl: rootUrl)
        self.credentials = credentials
    }

    /// A client that shares its retries with nobody.
    package init(
        http: HTTPClient, rootUrl: String, credentials: TaskclusterCredentials?,
        retry: RetryPolicy = .standard
    ) {
        self.init(
            caller: ServiceCaller(http: http, policy: retry), rootUrl: rootUrl, credentials: credentials)
    }

    /// How many tasks wait for a worker type.
    package func pendingTasks(provisionerId: String, workerType: String) async throws -> Int {
        let url =
            "\(base)/pending/\(PercentEncoding.encode(provisionerId))/\(PercentEncoding.encode(workerType))"
        let call = OutgoingCall(service: "queue", action: "pendingTasks")
        return try await caller.call(call) { await ask(url) }
    }

    private func ask(_ url: String) async -> AttemptResult<Int, ServiceFailure> {
        do {
            let response = try await caller.http.send(
                HTTPRequest(
                    .get, url, headers: try headers(method: "GET", url: url), maxResponseBytes: 1 << 20))
            if response.status == 200 { return .answered(try Self.read(response.body)) }
            let failure = Self.failure(response)
            let wish = response.retryAfter(now: Date())
            switch response.status {
            case 429: return .failed(failure, .throttled(retryAfter: wish))
            case 500...599: return .failed(failure, .transient(retryAfter: wish))
            default: return .failed(failure, nil)
            }
        } catch let error as TransportError {
            return .failed(
                ServiceFailure(kind: .unreachable, code: "unreachable", message: error.description),
                .transient(retryAfter: nil))
        } catch let failure as ServiceFailure {
            return .failed(failure, nil)
        } catch {
            return .failed(
                ServiceFailure(kind: .unauthorized, code: "not-signed", message: "\(error)"), nil)
        }
    }

    func headers(
        method: String, url: String, hash: String? = nil
    ) throws -> [(name: String, value: String)] {
        guard let credentials, let request = HawkRequest(method: method, url: url) else { return [] }
        let nonce = SlugID.make(random: try SecureRandom.bytes(16))
        return [
            (
                "Authorization",
                try credentials.authorization(
                    for: request, timestamp: Int(Date().timeIntervalSince1970), nonce: nonce, hash: hash)
            )
        ]
    }

    private static func read(_ body: [UInt8]) throws -> Int {
        guard let document = try? JSONValue(parsing: Data(body)),
            let count = document.objectValue?["pendingTasks"]?.integerValue,
            (0...1_000_000_000).contains(count)
        else {
            throw ServiceFailure(
                kind: .unreachable, code: "garbage",
                message: "the Queue's answer has no number of pending tasks")
        }
        return count
    }

    static func failure(_ response: HTTPResponse) -> ServiceFailure {
        let document = try? JSONValue(parsing: Data(response.body))
        let code = document?.objectValue?["code"]?.stringValue ?? "http-\(response.status)"
        // The Queue's messages have a first line that says what, and a block of details.
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
