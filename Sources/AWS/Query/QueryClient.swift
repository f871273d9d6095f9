package import Domain
import Formats
import FoundationEssentials
package import HTTPTransport

/// Makes calls in AWS's query protocol: signs requests, retries transient failures and reads responses.
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
        let body = all.body
        let name = OutgoingCall(service: action.service.name, action: action.rawValue, region: region)
        var renewed = false
        let response: HTTPResponse = try await caller.call(
            name, failsFast: action.right == .read, isRetried: isRetried
        ) {
            await exchange(
                body, at: url, region: region, service: action.service, market: market, renewed: &renewed)
        }
        do {
            var content = try QueryResponse(response.body, to: action, records)
            content.date = response.date
            return content
        } catch {
            throw ServiceFailure(
                kind: .unreachable, code: "garbage",
                message: "the response to \(action.rawValue) cannot be read: \(error)")
        }
    }

    private func exchange(
        _ body: [UInt8], at url: String, region: String, service: QueryService, market: Market?,
        renewed: inout Bool
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
                    headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                    body: body, signature: signer?.signature(region: region, service: service)))
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
