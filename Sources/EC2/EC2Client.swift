import Domain
import FoundationEssentials
public import HTTPTransport

/// EC2 over HTTP, in its query protocol: typed calls, typed answers, and failures classed by what follows.
public struct EC2Client: Sendable {
    let http: HTTPClient
    let endpoint: Endpoint
    let credentials: any CredentialsProvider
    let retry: RetryPolicy

    public init(
        http: HTTPClient, endpoint: Endpoint, credentials: any CredentialsProvider,
        retry: RetryPolicy = .standard
    ) {
        self.http = http
        self.endpoint = endpoint
        self.credentials = credentials
        self.retry = retry
    }

    /// What an answer held.
    struct Answer<Item> {
        var items: [Item]
        /// The texts outside of the records, `nextToken` among them.
        var facts: [String: String]
    }

    /// How the records of an answer are found and read.
    struct Records<Item> {
        /// From the answer's root, which is left out, to the record.
        let path: [String]
        /// The elements inside a record that are read.
        let names: [String]
        /// Nil for a record that says nothing.
        let read: (XMLRecord) throws -> Item?
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
        var all = QueryParameters()
        all.add("Action", action.rawValue)
        all.add("Version", "2016-11-15")
        for pair in parameters.pairs { all.add(pair.name, pair.value) }
        let body = all.body
        var attempt = 0
        while true {
            attempt += 1
            let (response, failure) = await exchange(body, region: region, market: market)
            if let response, failure == nil { return try Self.read(response, action: action, records) }
            let problem =
                failure ?? ServiceFailure(kind: .unreachable, code: "no-answer", message: "no answer")
            let mayHelp = problem.kind == .throttled || problem.kind == .unreachable
            let wish = response?.headers["retry-after"].flatMap(TimeInterval.init)
            guard mayHelp,
                let wait = retry.wait(
                    afterAttempt: attempt, retryAfter: wish, jitter: .random(in: 0...1), now: Date(),
                    deadline: http.deadline)
            else { throw problem }
            do { try await Task.sleep(for: .seconds(wait)) } catch { throw problem }
        }
    }

    private func exchange(
        _ body: [UInt8], region: String, market: Market?
    ) async -> (HTTPResponse?, ServiceFailure?) {
        do {
            let credentials = try await credentials.credentials()
            let response = try await http.send(
                HTTPRequest(
                    .post, endpoint.url(region: region),
                    headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                    body: body,
                    signature: credentials.signature(region: region)))
            guard response.status != 200 else { return (response, nil) }
            return (response, Self.failure(response, market: market))
        } catch let error as TransportError {
            return (nil, ServiceFailure(kind: .unreachable, code: "unreachable", message: error.description))
        } catch let error as ServiceFailure {
            return (nil, error)
        } catch {
            return (nil, ServiceFailure(kind: .unauthorized, code: "no-credentials", message: "\(error)"))
        }
    }

    private static func read<Item>(
        _ response: HTTPResponse, action: Action, _ records: Records<Item>
    ) throws -> Answer<Item> {
        do {
            return try read(response.body, action: action, records)
        } catch {
            throw ServiceFailure(
                kind: .unreachable, code: "garbage",
                message: "the answer to \(action.rawValue) cannot be read: \(error)")
        }
    }

    /// Reads a whole answer; of a broken one nothing is taken.
    static func read<Item>(_ body: [UInt8], action: Action, _ records: Records<Item>) throws -> Answer<Item> {
        let root = action.rawValue + "Response"
        var items: [Item] = []
        let reader = try XMLRecords(path: [root] + records.path, names: records.names) { record in
            if let item = try records.read(record) { items.append(item) }
        }
        try reader.read(body)
        guard reader.sawRoot else { throw XMLError(description: "it is no \(root)") }
        return Answer(items: items, facts: reader.facts)
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

    /// The failure that an error answer tells.
    static func failure(_ response: HTTPResponse, market: Market?) -> ServiceFailure {
        var code = ""
        var message = ""
        let reader = try? XMLRecords(path: ["Response", "Errors", "Error"], names: ["Code", "Message"]) {
            record in
            code = record.text("Code") ?? ""
            message = record.text("Message") ?? ""
        }
        do { try reader?.read(response.body) } catch { code = "" }
        if code.isEmpty {
            let kind: ServiceFailure.Kind =
                response.status >= 500 || response.status == 429 ? .throttled : .unreachable
            return ServiceFailure(
                kind: kind, code: "http-\(response.status)", message: "HTTP status \(response.status)")
        }
        let kind =
            market.map { ErrorTable.kind(of: code, status: response.status, launching: $0) }
            ?? ErrorTable.kind(of: code, status: response.status)
        // An encoded reason is worth nothing when it is cut.
        let limit = message.contains(ServiceFailure.encodedReason) ? 8000 : 500
        return ServiceFailure(kind: kind, code: code, message: String(message.prefix(limit)))
    }
}
