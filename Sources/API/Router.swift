package import CGI
import Configuration
import Domain
import Formats
import FoundationEssentials
import Storage
import Taskcluster

/// Matches, authenticates and checks a request, and runs the handler of its route.
package struct Router: Sendable {
    /// The maximum size of a body. Bytes.
    package static let bodyLimit = 1 << 20

    private let service: APIDependencies
    private let log: @Sendable (String) -> Void

    /// - Parameter log: receives the details of errors, which only the operator may read.
    package init(_ service: APIDependencies, log: @escaping @Sendable (String) -> Void) {
        self.service = service
        self.log = log
    }

    /// The response while the settings are invalid. The log contains the reason.
    package static var misconfigured: CGIResponse {
        ErrorResponse.response(
            APIError(.internalServerError, "The service is misconfigured"), Progress(), now: Date())
    }

    /// The response to a request that reaches a limit of time.
    package static var timedOut: CGIResponse {
        ErrorResponse.response(APIError.unavailable("The request took too long"), Progress(), now: Date())
    }

    /// Responds to a request, or prepares its response if that needs a call to another service.
    ///
    /// - Parameter readBody: reads the given number of bytes of the body.
    package func respond(_ request: CGIRequest, readBody: @escaping @Sendable (Int) -> [UInt8]) -> Reply {
        var progress = Progress()
        do {
            if let early = try early(request, &progress) { return .immediate(early) }
            // Workers and browsers sign requests of public methods with credentials that may be unknown here.
            if progress.route?.scope == nil {
                return try reply(to: request, from: .anonymous, readBody, &progress)
            }
            guard let delegate = service.delegate else {
                return try reply(to: request, from: try localCaller(of: request), readBody, &progress)
            }
            let matched = progress
            return .deferred {
                var progress = matched
                do {
                    let caller = try await delegate(request)
                    return try await reply(to: request, from: caller, readBody, &progress).response()
                } catch {
                    return failure(error, request, progress)
                }
            }
        } catch {
            return .immediate(failure(error, request, progress))
        }
    }

    /// Checks an authenticated request and runs its handler.
    private func reply(
        to request: CGIRequest, from caller: Caller, _ readBody: (Int) -> [UInt8], _ progress: inout Progress
    ) throws -> Reply {
        let (route, call) = try prepare(request, caller, readBody, &progress)
        switch try route.respond(call) {
        case .response(let response): return .immediate(finish(response))
        case .forCaller(let respond):
            return try identified(request, call.bytes, progress) { finish(try respond($0)) }
        case .afterLaunchCheck(let definition, let respond):
            guard let launchProblems = service.launchProblems else {
                return .immediate(finish(try respond()))
            }
            let checked = progress
            return .deferred {
                do {
                    let problems = try await launchProblems(definition)
                    if !problems.isEmpty {
                        throw APIError(.inputError, "Not a launchable worker type:", listing: problems)
                    }
                    return finish(try respond())
                } catch {
                    return failure(error, request, checked)
                }
            }
        }
    }

    /// Responds to a call of a public method whose response depends on the caller. A caller without valid credentials is
    /// anonymous, also while the auth service is not available.
    private func identified(
        _ request: CGIRequest, _ body: [UInt8], _ progress: Progress,
        _ respond: @escaping @Sendable (Caller) throws -> CGIResponse
    ) throws -> Reply {
        guard request.hasCredentials else { return .immediate(try respond(.anonymous)) }
        guard let delegate = service.delegate else {
            var caller = Caller.anonymous
            do {
                let signer = try localCaller(of: request)
                try checkPayload(body, of: request, from: signer)
                caller = signer
            } catch is AuthenticationFailure {}
            return .immediate(try respond(caller))
        }
        return .deferred {
            do {
                return try respond(try await delegatedOrAnonymous(request, body, delegate))
            } catch {
                return failure(error, request, progress)
            }
        }
    }

    /// Asks the auth service for the caller. The caller is anonymous with invalid credentials, and while the service is
    /// not available.
    private func delegatedOrAnonymous(
        _ request: CGIRequest, _ body: [UInt8], _ delegate: (CGIRequest) async throws -> Caller
    ) async throws -> Caller {
        do {
            let caller = try await delegate(request)
            try checkPayload(body, of: request, from: caller)
            return caller
        } catch let error as AuthenticationUnavailable {
            log("auth: \(error.message)")
            return .anonymous
        } catch is AuthenticationFailure {
            return .anonymous
        }
    }

    /// The known parts of a request, for error responses.
    struct Progress {
        var route: Route?
        var parameters: [String: String] = [:]
        var payload: JSONValue = [:]
    }

    private func find(_ request: CGIRequest) -> (Route, [String: String])? {
        for route in Route.all where route.methods.contains(request.method) {
            if let parameters = route.match(request.path) { return (route, parameters) }
        }
        return nil
    }

    /// Responds without authentication: to OPTIONS, to requests of documents, and to requests without a route.
    private func early(_ request: CGIRequest, _ progress: inout Progress) throws -> CGIResponse? {
        if request.method == "OPTIONS" { return CGIResponse(status: 200) }
        if let document = Documents.find(request.path, rootUrl: service.rootUrl) {
            guard ["GET", "HEAD"].contains(request.method) else { throw notAllowed(["GET", "HEAD"]) }
            return try RequestContext.json(document)
        }
        guard let (route, parameters) = find(request) else {
            let others = Route.all.filter { $0.match(request.path) != nil }.flatMap(\.methods)
            if others.isEmpty { throw APIError(.resourceNotFound, "No method has this path") }
            throw notAllowed(others)
        }
        progress.route = route
        progress.parameters = parameters
        let problems =
            parameters.sorted { $0.key < $1.key }.compactMap { PathParameter.problem($0.key, $0.value) }
            + request.query.filter { $0.name != "bewit" }.map {
                "\($0.name) is not a query parameter of this method"
            }
        if !problems.isEmpty {
            throw APIError(.invalidRequestArguments, "Invalid URL patterns:", listing: problems)
        }
        return nil
    }

    private func notAllowed(_ methods: [String]) -> APIError {
        APIError(
            .methodNotAllowed, "The methods of this path are \(methods.joined(separator: ", "))",
            headers: [("Allow", (methods + ["OPTIONS"]).joined(separator: ", "))])
    }

    /// Reads the body and checks the rights.
    private func prepare(
        _ request: CGIRequest, _ caller: Caller, _ readBody: (Int) -> [UInt8], _ progress: inout Progress
    ) throws -> (Route, RequestContext) {
        guard let route = progress.route else { throw APIError(.resourceNotFound, "No method has this path") }
        if route.input != nil { try requireHash(of: caller) }
        try checkLength(of: request)
        // If the path determines the scope, the body of an unauthorized caller is not read.
        if !route.scopeNeedsBody { try check(caller, route.neededScope(progress.parameters, body: nil)) }
        let bytes = try body(of: request, readBody)
        try checkPayload(bytes, of: request, from: caller)
        var body: JSONValue = [:]
        if route.input != nil {
            body = try PayloadReader.read(bytes, contentType: request.contentType)
            progress.payload = body
        }
        if route.scopeNeedsBody { try check(caller, route.neededScope(progress.parameters, body: body)) }
        return (
            route,
            RequestContext(
                service: service, parameters: progress.parameters, body: body, bytes: bytes, caller: caller,
                log: log)
        )
    }

    private func requireHash(of caller: Caller) throws {
        if service.requirePayloadHash, caller.clientId != nil, caller.hash == nil {
            throw AuthenticationFailure("the payload hash is required: sign the request with hash")
        }
    }

    /// Compares the body with the hash that the caller signed.
    private func checkPayload(_ body: [UInt8], of request: CGIRequest, from caller: Caller) throws {
        if !body.isEmpty { try requireHash(of: caller) }
        guard let hash = caller.hash else { return }
        guard hash == (try HawkRequest.payloadHash(contentType: request.contentType, body: body)) else {
            throw AuthenticationFailure("bad payload hash")
        }
    }

    private func check(_ caller: Caller, _ scope: String?) throws {
        if let scope, !caller.scopes.satisfy(scope) {
            throw APIError.insufficientScopes(caller, missing: [scope])
        }
    }

    private func checkLength(of request: CGIRequest) throws {
        guard let length = request.contentLength else {
            throw APIError(.malformedPayload, "Content-Length is not a number")
        }
        guard length <= Self.bodyLimit else {
            throw APIError(.inputTooLarge, "The body is longer than \(Self.bodyLimit) bytes")
        }
    }

    private func body(of request: CGIRequest, _ readBody: (Int) -> [UInt8]) throws -> [UInt8] {
        guard let length = request.contentLength, length > 0 else { return [] }
        let bytes = readBody(length)
        guard bytes.count == length else {
            throw APIError(.malformedPayload, "The body ended after \(bytes.count) of \(length) bytes")
        }
        return bytes
    }

    private func finish(_ response: CGIResponse) -> CGIResponse {
        var response = response
        response.headers.append(("Cache-Control", "no-store"))
        return response
    }

    private func localCaller(of request: CGIRequest) throws -> Caller {
        let service = service
        let authenticator = LocalAuthenticator(
            now: service.now, workerIssuers: service.workerIssuers,
            client: { id in
                try service.database().clients.get(id).map { client, token in
                    HawkClient(
                        clientId: id, accessToken: token, scopes: client.scopes, expires: client.expires)
                }
            },
            origin: { seed in
                try service.database().secrets.origin(seed: seed).map {
                    CredentialsOrigin(clientId: $0.creator, scopes: $0.scopes)
                }
            },
            isFirstUse: { id, timestamp, nonce in
                try service.database().nonces.isFirstUse(
                    clientId: id, timestamp: timestamp, nonce: nonce, window: LocalAuthenticator.skew,
                    now: service.now)
            })
        return try authenticator.caller(of: request.signed, authorization: request.authorization)
    }

    private func failure(_ error: any Error, _ request: CGIRequest, _ progress: Progress) -> CGIResponse {
        let shown: APIError
        switch error {
        case let error as APIError: shown = error
        case let error as AuthenticationFailure:
            shown = APIError(
                .authenticationFailed, error.message,
                headers: [("WWW-Authenticate", error.challenge ?? "Hawk")])
        case let error as AuthenticationUnavailable:
            log("auth: \(error.message)")
            shown = .unavailable("Authentication is not available: try again later")
        case let error as LaunchCheckUnavailable:
            log("launch check: \(error.message)")
            shown = .unavailable(
                "The definition could not be checked in EC2, and is not stored: try again later")
        case StorageError.busy: shown = .unavailable("The database is busy")
        case StorageError.olderSchema:
            log("\(error)")
            shown = .unavailable("The database is of an older version, until the next iteration")
        default:
            let incident = (try? service.random(16)).map { SlugID.make(random: $0) } ?? "unknown"
            log("incident \(incident): \(progress.route?.name ?? request.path): \(error)")
            shown = APIError(.internalServerError, "Internal Server Error, incidentId \(incident)")
        }
        return ErrorResponse.response(shown, progress, now: service.now)
    }
}
