import Formats
import FoundationEssentials

/// Credentials in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and the optional
/// `AWS_CREDENTIAL_EXPIRATION`.
struct EnvironmentCredentials: CredentialsSource {
    let context: CredentialsContext

    func credentials() throws -> CredentialsResponse {
        guard let id = context["AWS_ACCESS_KEY_ID"] else { return .absent("AWS_ACCESS_KEY_ID is not set") }
        guard let secret = context["AWS_SECRET_ACCESS_KEY"] else {
            throw CredentialsError(
                "the environment", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
        }
        var expiration: Date?
        if let text = context["AWS_CREDENTIAL_EXPIRATION"] {
            guard let date = Date(timestamp: text) else {
                throw CredentialsError("the environment", "AWS_CREDENTIAL_EXPIRATION is not an ISO 8601 time")
            }
            guard date > context.clock() else {
                throw CredentialsError("the environment", "the credentials expired at \(text)")
            }
            expiration = date
        }
        return .found(
            AWSCredentials(
                accessKeyId: id, secretAccessKey: secret, sessionToken: context["AWS_SESSION_TOKEN"],
                expiration: expiration))
    }
}
