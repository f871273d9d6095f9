import Domain
import Formats
import FoundationEssentials
import HTTPTransport

/// The role of the EC2 instance, from the instance metadata service, version 2.
///
/// The source counts as absent when the session token does not arrive within a second. Outside EC2 the address has no
/// host, and the response does not reach a container behind another hop.
struct InstanceCredentials: CredentialsSource {
    private static let path = "/latest/meta-data/iam/security-credentials/"

    let context: CredentialsContext

    func credentials() async throws -> CredentialsResponse {
        if context["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" {
            return .absent("AWS_EC2_METADATA_DISABLED is true")
        }
        let base = try base()
        return try await context.cached(["instance role", base]) { try await requestCredentials(base) }
    }

    private func base() throws -> String {
        if let named = context["AWS_EC2_METADATA_SERVICE_ENDPOINT"] {
            return named.hasSuffix("/") ? String(named.dropLast()) : named
        }
        switch context["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() {
        case nil, "ipv4": return "http://169.254.169.254"
        case "ipv6": return "http://[fd00:ec2::254]"
        default:
            throw CredentialsError(
                "the instance role", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE must be IPv4 or IPv6")
        }
    }

    private func requestCredentials(_ base: String) async throws -> CredentialsResponse {
        let source = "the instance role (\(base))"
        let session: HTTPResponse
        do {
            session = try await send(
                .put, base + "/latest/api/token", ("X-aws-ec2-metadata-token-ttl-seconds", "300"))
        } catch {
            return .absent("\(source): \(error)")
        }
        guard session.status < 500 else {
            throw CredentialsError(source, "HTTP status \(session.status)", isTransient: true)
        }
        let token = String(decoding: session.body, as: UTF8.self)
        guard session.status == 200, !token.isEmpty, !token.contains(where: \.isNewline) else {
            return .absent("\(source): no session token (HTTP status \(session.status))")
        }
        let list = try await get(base + Self.path, token, source)
        // An instance without a role.
        if list.status == 404 { return .absent("\(source): the instance has no role") }
        guard list.status == 200,
            let role = String(decoding: list.body, as: UTF8.self).split(whereSeparator: \.isNewline).first
        else { throw CredentialsError(source, "HTTP status \(list.status) for the role's name") }
        let response = try await get(base + Self.path + role.trimmed, token, source)
        guard response.status == 200 else {
            throw CredentialsError(source, "HTTP status \(response.status) for the credentials of \(role)")
        }
        return .found(
            try CredentialsDocument.read(
                response.body, tokenKey: "Token", source: source, acceptsExpired: true, now: context.clock()))
    }

    private func get(_ url: String, _ token: String, _ source: String) async throws -> HTTPResponse {
        try await context.caller.requestCredentials(
            "imds", request(.get, url, ("X-aws-ec2-metadata-token", token)), source: source)
    }

    private func send(
        _ method: HTTPRequest.Method, _ url: String, _ header: (name: String, value: String)
    ) async throws -> HTTPResponse {
        try await context.caller.http.send(request(method, url, header))
    }

    private func request(
        _ method: HTTPRequest.Method, _ url: String, _ header: (name: String, value: String)
    ) -> HTTPRequest {
        HTTPRequest(
            method, url, headers: [header], timeout: 1, maxResponseBytes: 1 << 16, mayUseProxy: false)
    }
}
