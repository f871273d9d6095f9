package import Domain
import Formats
import FoundationEssentials
package import HTTPTransport

/// Makes calls in AWS's query protocol: signs them, makes them again where that may help, and reads the answers.
package struct QueryClient: Sendable {
    package let caller: ServiceCaller
    /// Nil for calls that bear no signature.
    package let credentials: (any CredentialsProvider)?

    package init(caller: ServiceCaller, credentials: (any CredentialsProvider)?) {
        self.caller = caller
        self.credentials = credentials
    }

    /// Makes one call and reads its answer.
    ///
    /// Only calls that may be made twice come here: those that describe, and those with a client token or that
    /// name what they act on.
    package func call<Item>(
        _ action: Action, _ parameters: QueryParameters, at url: String, region: String,
        market: Market? = nil, records: QueryRecords<Item>
    ) async throws -> QueryResponse<Item> {
        var all = QueryParameters()
        all.add("Action", action.rawValue)
        all.add("Version", action.service.version)
        for pair in parameters.pairs { all.add(pair.name, pair.value) }
        let body = all.body
        let name = OutgoingCall(service: action.service.name, action: action.rawValue, region: region)
        var renewed = false
        let response: HTTPResponse = try await caller.call(name) {
            await exchange(
                body, at: url, region: region, service: action.service, market: market, renewed: &renewed)
        }
        do {
            return try QueryResponse(response.body, to: action, records)
        } catch {
            throw ServiceFailure(
                kind: .unreachable, code: "garbage",
                message: "the answer to \(action.rawValue) cannot be read: \(error)")
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
            return .failed(ServiceFailure(credentials: error), nil)
        }
        do {
            let response = try await caller.http.send(
                HTTPRequest(
                    .post, url,
                    headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                    body: body, signature: signer?.signature(region: region, service: service)))
            guard response.status != 200 else { return .answered(response) }
            let failure = service.failure(response, market: market)
            if EC2Codes.isExpiry(failure.code), !renewed, let signer, signer.expiration != nil {
                renewed = true
                await credentials?.discard(signer)
                return .failed(failure, .transient(retryAfter: nil))
            }
            return .failed(failure, failure.trouble(response, now: Date()))
        } catch {
            return .failed(
                ServiceFailure(kind: .unreachable, code: "unreachable", message: error.description),
                .transient(retryAfter: nil))
        }
    }
}

extension ServiceFailure {
    /// A call that could not be signed. What failed to give credentials was tried again already.
    package init(credentials error: any Error) {
        let passing = (error as? CredentialsError)?.isPassing == true
        self.init(
            kind: passing ? .unreachable : .unauthorized, code: passing ? "credentials" : "no-credentials",
            message: "\(error)")
    }
}
