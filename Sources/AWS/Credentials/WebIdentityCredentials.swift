import Formats
import FoundationEssentials

/// The credentials of a role for a web identity token: `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and
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

    /// Assumes a role with the token in a file. The file is read each time, because the token is rotated.
    static func credentials(
        tokenFile: String, role: String, sessionName: String?, sts: SecurityTokenService,
        _ context: CredentialsContext
    ) async throws -> CredentialsResponse {
        let source = "the web identity in \(tokenFile) for \(role)"
        let sessionName = sessionName ?? SecurityTokenService.sessionName
        return try await context.cached(["web identity", sts.url, tokenFile, role, sessionName]) {
            guard let data = context.expand(tokenFile).flatMap({ try? Data(contentsOf: URL(filePath: $0)) })
            else {
                throw CredentialsError(source, "the file cannot be read")
            }
            // The limits of STS.
            let token = String(decoding: data, as: UTF8.self).trimmed
            guard (4...20_000).contains(token.utf8.count) else {
                throw CredentialsError(source, "the file does not contain a token of 4 to 20,000 characters")
            }
            return .found(
                try await sts.assumeRole(role, sessionName: sessionName, webIdentity: token, source: source))
        }
    }
}
