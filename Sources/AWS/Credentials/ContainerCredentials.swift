import Formats
import FoundationEssentials
import HTTPTransport

/// The role of an ECS task or EKS pod, from the endpoint that `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI` names.
struct ContainerCredentials: CredentialsSource {
    private static let ecs = "http://169.254.170.2"
    /// The hosts of ECS and EKS, and this machine. They need no TLS.
    private static let allowedHosts: Set<String> = [
        "localhost", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
    ]

    let context: CredentialsContext
    /// The base of relative URIs.
    var base = ContainerCredentials.ecs

    func credentials() async throws -> CredentialsResponse {
        let url: String
        if let relative = context["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            guard relative.hasPrefix("/") else {
                throw CredentialsError(
                    "the container", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with /")
            }
            url = base + relative
        } else if let full = context["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            guard Self.isAllowed(full) else {
                throw CredentialsError(
                    "the container",
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI may name an address with https, this machine, "
                        + "169.254.170.2, 169.254.170.23 or [fd00:ec2::23], and nothing else")
            }
            url = full
        } else {
            return .absent("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set")
        }
        return try await context.cached(["container", url]) { .found(try await request(url)) }
    }

    private func request(_ url: String) async throws -> AWSCredentials {
        let source = "the container endpoint \(url.prefix { $0 != "?" })"
        var headers = [(name: "Accept", value: "application/json")]
        if let token = try token(source) { headers.append(("Authorization", token)) }
        let request = HTTPRequest(
            .get, url, headers: headers, timeout: 2, maxResponseBytes: 1 << 16, mayUseProxy: false)
        let response = try await context.caller.requestCredentials(
            "container", request, source: source)
        guard response.status == 200 else {
            throw CredentialsError(
                source, "HTTP status \(response.status)", isTransient: response.status >= 500)
        }
        return try CredentialsDocument.read(
            response.body, tokenKey: "Token", source: source, now: context.clock())
    }

    /// The authorization token of the endpoint. Its file is read each time, because the token is rotated.
    private func token(_ source: String) throws -> String? {
        var token = context["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        if let file = context["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            guard let data = try? Data(contentsOf: URL(filePath: file)) else {
                throw CredentialsError(source, "the token file \(file) cannot be read")
            }
            token = String(decoding: data, as: UTF8.self).trimmed
        }
        guard token?.contains(where: \.isNewline) != true else {
            throw CredentialsError(source, "the authorization token contains a line break")
        }
        return token
    }

    /// Whether a URL may receive the token and provide credentials.
    static func isAllowed(_ url: String) -> Bool {
        if url.hasPrefix("https://") { return true }
        guard url.hasPrefix("http://") else { return false }
        let authority = url.dropFirst(7).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { return false }
        let host =
            authority.hasPrefix("[")
            ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        if allowedHosts.contains(host.lowercased()) { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}

extension ServiceCaller {
    /// Sends a request to a local endpoint for credentials, and retries transient failures.
    func requestCredentials(_ service: String, _ request: HTTPRequest, source: String) async throws
        -> HTTPResponse
    {
        try await call(OutgoingCall(service: service, action: "credentials")) {
            () -> AttemptResult<HTTPResponse, CredentialsError> in
            do throws(TransportError) {
                let response = try await http.send(request)
                guard response.status >= 500 || response.status == 429 else { return .success(response) }
                return .failure(
                    CredentialsError(source, "HTTP status \(response.status)", isTransient: true),
                    retry: .transient(retryAfter: response.retryAfter(now: Date())))
            } catch {
                return .failure(
                    CredentialsError(source, error.description, isTransient: true),
                    retry: .transient(retryAfter: nil))
            }
        }
    }
}
