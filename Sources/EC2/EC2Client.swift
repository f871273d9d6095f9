package import AWS
import Domain
import Formats
package import HTTPTransport

/// A client of EC2's query protocol.
package struct EC2Client: EC2Service {
    typealias Response = QueryResponse
    typealias Records = QueryRecords

    private let endpoint: Endpoint
    private let client: QueryClient

    /// - Parameter caller: the caller that all clients of an iteration share.
    package init(caller: ServiceCaller, endpoint: Endpoint, credentials: any CredentialsProvider) {
        self.endpoint = endpoint
        client = QueryClient(caller: caller, credentials: credentials)
    }

    /// Creates a client with a caller of its own.
    package init(
        http: HTTPClient, endpoint: Endpoint, credentials: any CredentialsProvider,
        retry: RetryPolicy = .standard
    ) {
        self.init(
            caller: ServiceCaller(http: http, policy: retry), endpoint: endpoint, credentials: credentials)
    }

    /// Makes a call without a result.
    func call(_ action: Action, _ parameters: QueryParameters, region: String) async throws {
        _ = try await call(
            action, parameters, region: region,
            records: Records<Never>(path: [], names: [], read: { _ in nil }))
    }

    /// Makes one call, retries it after transient failures, and reads its response.
    ///
    /// The call has to be idempotent: it reads, or has a client token, or names the resources that it acts on.
    func call<Item>(
        _ action: Action, _ parameters: QueryParameters, region: String, market: Market? = nil,
        isRetried: Bool = true, records: Records<Item>
    ) async throws -> Response<Item> {
        try await client.call(
            action, parameters, at: endpoint.url(region: region), region: region, market: market,
            isRetried: isRetried, records: records)
    }

    /// Reads a complete response. Throws on a malformed response, without partial results.
    static func read<Item>(_ body: [UInt8], action: Action, _ records: Records<Item>) throws -> Response<Item>
    {
        try Response(body, to: action, records)
    }

    /// Reads all pages of a response.
    ///
    /// - Parameter size: the number of items of a page.
    func pages<Item>(
        _ action: Action, _ parameters: QueryParameters, region: String, size: Int = 1000,
        records: Records<Item>
    ) async throws -> [Item] {
        var items: [Item] = []
        var seen: Set<String> = []
        var token: String?
        repeat {
            var page = parameters
            page.add("MaxResults", size)
            page.add("NextToken", token)
            let response = try await call(action, page, region: region, records: records)
            items += response.items
            token = response.rootFields["nextToken"].flatMap { $0.isEmpty ? nil : $0 }
            if let token, !seen.insert(token).inserted || seen.count > 1000 {
                throw ServiceFailure(
                    kind: .unreachable, code: "garbage",
                    message: "\(action.rawValue) has more than 1,000 pages or repeats one"
                )
            }
        } while token != nil
        return items
    }
}
