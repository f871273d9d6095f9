package import Domain
package import Formats
import FoundationEssentials
package import HTTPTransport

/// Makes calls in AWS's query protocol and its JSON protocol: signs requests, retries transient failures and reads responses.
package struct QueryClient: Sendable {
    package let caller: ServiceCaller
    /// Nil for calls without a signature.
    package let credentials: (any CredentialsProvider)?

    package init(caller: ServiceCaller, credentials: (any CredentialsProvider)?) {
        self.caller = caller
        self.credentials = credentials
    }

    /// Makes one call and reads its response.
    ///
    /// - Parameter isRetried: whether the call is retried after transient failures.
    ///
    /// The call has to be idempotent: it reads, or has a client token, or names the resources that it acts on.
    package func call<Item>(
        _ action: Action, _ parameters: QueryParameters, at url: String, region: String,
        market: Market? = nil, isRetried: Bool = true, records: QueryRecords<Item>
    ) async throws -> QueryResponse<Item> {
        var all = QueryParameters()
        all.add("Action", action.rawValue)
        all.add("Version", action.service.version)
        for pair in parameters.pairs { all.add(pair.name, pair.value) }
        let response = try await send(
            action, all.body,
            headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], at: url,
            region: region, market: market, isRetried: isRetried)
        do {
            var content = try QueryResponse(response.body, to: action, records)
            content.date = response.date
            return content
        } catch {
            throw ServiceFailure(unreadable: "\(error)", action)
        }
    }

    /// Makes one call in the JSON protocol and returns its response. The call has to be idempotent.
    package func callJSON(
        _ action: Action, _ parameters: JSONObject, at url: String, region: String
    ) async throws -> JSONObject {
        let target = "\(action.service.target ?? "").\(action.rawValue)"
        let response = try await send(
            action, Array(try JSONValue.object(parameters).serialized()),
            headers: [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", target)], at: url,
            region: region)
        do {
            guard let document = try JSONValue(parsing: response.body).objectValue else {
                throw ServiceFailure(unreadable: "it is no JSON object", action)
            }
            return document
        } catch let error as JSONParsingError {
            throw ServiceFailure(unreadable: "\(error)", action)
        }
    }

    /// Sends the request of a call, and retries it after transient failures.
    private func send(
        _ action: Action, _ body: [UInt8], headers: [(String, String)], at url: String, region: String,
        market: Market? = nil, isRetried: Bool = true
    ) async throws -> HTTPResponse {
        let name = OutgoingCall(service: action.service.name, action: action.rawValue, region: region)
        let isRead = [.read, .readParameters, .readQuotas].contains(action.right)
        var renewed = false
        return try await caller.call(name, failsFast: isRead, isRetried: isRetried) {
            await exchange(
                body, headers, at: url, region: region, service: action.service, market: market,
                renewed: &renewed)
        }
    }

    private func exchange(
        _ body: [UInt8], _ headers: [(String, String)], at url: String, region: String,
        service: QueryService, market: Market?, renewed: inout Bool
    ) async -> AttemptResult<HTTPResponse, ServiceFailure> {
        let signer: AWSCredentials?
        do {
            signer = try await credentials?.credentials()
        } catch {
            return .failure(ServiceFailure(credentials: error), retry: nil)
        }
        do {
            let response = try await caller.http.send(
                HTTPRequest(
                    .post, url,
                    headers: headers, body: body,
                    signature: signer?.signature(region: region, service: service)))
            let skew = signer == nil ? nil : response.clockSkew(now: Date())
            if let skew { caller.record(skew) }
            guard response.status != 200 else { return .success(response) }
            let failure = service.failure(response, market: market).naming(skew)
            if EC2Codes.isExpiry(failure.code), !renewed, let signer, signer.expiration != nil {
                renewed = true
                await credentials?.discard(signer)
                return .failure(failure, retry: .transient(retryAfter: nil))
            }
            return .failure(failure, retry: failure.retryReason(response, now: Date()))
        } catch {
            return .failure(
                ServiceFailure(kind: .unreachable, code: "unreachable", message: error.description),
                retry: RetryReason(error))
        }
    }
}

extension ServiceFailure {
    /// A response of AWS that cannot be read.
    package init(unreadable reason: String, _ action: Action) {
        self.init(
            kind: .unreachable, code: "garbage",
            message: "the response to \(action.rawValue) cannot be read: \(reason)")
    }

    /// The refusals of AWS that a wrong clock may cause.
    private static let clockCodes: Set = [
        "AuthFailure", "InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ]

    /// The failure with the skew of the clock in its message, where the skew may be the cause.
    func naming(_ skew: ClockSkew?) -> ServiceFailure {
        guard let skew, skew.isSignificant, Self.clockCodes.contains(code) else {
            return self
        }
        return ServiceFailure(kind: kind, code: code, message: "\(skew). \(message)")
    }

    /// A call without credentials. Their source has retried its requests already.
    package init(credentials error: any Error) {
        let isTransient = (error as? CredentialsError)?.isTransient == true
        self.init(
            kind: isTransient ? .unreachable : .credentials,
            code: isTransient ? "credentials" : "no-credentials",
            message: "\(error)")
    }
}
