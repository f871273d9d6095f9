import FoundationEssentials

/// A role that a web identity token may take: `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and
/// `AWS_ROLE_SESSION_NAME`, as Kubernetes sets them.
struct WebIdentityCredentials: CredentialsSource {
    let context: CredentialsContext

    func credentials() async throws -> CredentialsResponse {
        guard let file = context["AWS_WEB_IDENTITY_TOKEN_FILE"] else {
            return .absent("AWS_WEB_IDENTITY_TOKEN_FILE is not set")
        }
        guard let role = context["AWS_ROLE_ARN"] else {
            throw CredentialsError(
                "the environment's web identity", "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not"
            )
        }
        return try await Self.credentials(
            tokenFile: file, role: role, sessionName: context["AWS_ROLE_SESSION_NAME"],
            sts: SecurityTokenService(context, profileRegion: nil), context)
    }

    /// Takes a role with the token in a file. The token is read each time, for it is replaced while the file stays.
    static func credentials(
        tokenFile: String, role: String, sessionName: String?, sts: SecurityTokenService,
        _ context: CredentialsContext
    ) async throws -> CredentialsResponse {
        let source = "the web identity in \(tokenFile) for \(role)"
        let sessionName = sessionName ?? SecurityTokenService.sessionName
        return try await context.cached(["web identity", sts.url, tokenFile, role, sessionName]) {
            guard let data = try? Data(contentsOf: URL(filePath: context.expand(tokenFile))) else {
                throw CredentialsError(source, "the file cannot be read")
            }
            // STS takes no longer one.
            let token = String(decoding: data, as: UTF8.self).trimmed
            guard (4...20_000).contains(token.utf8.count) else {
                throw CredentialsError(source, "the file does not hold a token of 4 to 20,000 characters")
            }
            return .found(
                try await sts.assumeRole(role, sessionName: sessionName, webIdentity: token, source: source))
        }
    }
}

extension StringProtocol {
    /// Without space around it.
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
