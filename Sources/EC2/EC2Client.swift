package import AWS
import Domain
import Formats
package import HTTPTransport

/// EC2 over HTTP, in its query protocol: typed calls, typed answers, and failures classed by what follows.
package struct EC2Client: EC2Service {
    typealias Answer = QueryResponse
    typealias Records = QueryRecords

    private let endpoint: Endpoint
    private let client: QueryClient

    /// - Parameter caller: shared by all who call a service in the same iteration.
    package init(caller: ServiceCaller, endpoint: Endpoint, credentials: any CredentialsProvider) {
        self.endpoint = endpoint
        client = QueryClient(caller: caller, credentials: credentials)
    }

    /// A client that shares its retries and its pace with nobody.
    package init(
        http: HTTPClient, endpoint: Endpoint, credentials: any CredentialsProvider,
        retry: RetryPolicy = .standard
    ) {
        self.init(
            caller: ServiceCaller(http: http, policy: retry), endpoint: endpoint, credentials: credentials)
    }

    /// Makes a call whose answer says nothing but that it worked.
    func call(_ action: Action, _ parameters: QueryParameters, region: String) async throws {
        _ = try await call(
            action, parameters, region: region,
            records: Records<Never>(path: [], names: [], read: { _ in nil }))
    }

    /// Makes one call, again where that may help, and reads its answer.
    ///
    /// Only calls that may be made twice come here: those that describe, and those with a client token or that
    /// name what they act on.
    func call<Item>(
        _ action: Action, _ parameters: QueryParameters, region: String, market: Market? = nil,
        records: Records<Item>
    ) async throws -> Answer<Item> {
        try await client.call(
            action, parameters, at: endpoint.url(region: region), region: region, market: market,
            records: records)
    }

    /// Reads a whole answer; of a broken one nothing is taken.
    static func read<Item>(_ body: [UInt8], action: Action, _ records: Records<Item>) throws -> Answer<Item> {
        try Answer(body, to: action, records)
    }

    /// Reads all pages of an answer, one after another.
    func pages<Item>(
        _ action: Action, _ parameters: QueryParameters, region: String, records: Records<Item>
    ) async throws -> [Item] {
        var items: [Item] = []
        var seen: Set<String> = []
        var token: String?
        repeat {
            var page = parameters
            page.add("MaxResults", 1000)
            page.add("NextToken", token)
            let answer = try await call(action, page, region: region, records: records)
            items += answer.items
            token = answer.facts["nextToken"].flatMap { $0.isEmpty ? nil : $0 }
            if let token, !seen.insert(token).inserted || seen.count > 1000 {
                throw ServiceFailure(
                    kind: .unreachable, code: "garbage", message: "the pages of \(action.rawValue) do not end"
                )
            }
        } while token != nil
        return items
    }

}
