import Domain
import Formats
import FoundationEssentials
import HTTPTransport

/// A client of STS, which issues the credentials of roles.
struct SecurityTokenService: Sendable {
    /// The default session name, which CloudTrail shows.
    static let sessionName = "aws-provisioner"

    let url: String
    private let region: String
    private let caller: ServiceCaller
    private let clock: @Sendable () -> Date

    /// - Parameter profileRegion: the `region` of the profile that names the role.
    init(_ context: CredentialsContext, profileRegion: String?) {
        let endpoint = Endpoint(.sts, environment: context.environment)
        region =
            context["AWS_REGION"] ?? context["AWS_DEFAULT_REGION"] ?? profileRegion ?? context.region
            ?? "us-east-1"
        url = endpoint.url(region: region)
        caller = context.caller
        clock = context.clock
    }

    /// The parameters of a role session.
    struct Session {
        var name: String = SecurityTokenService.sessionName
        var externalId: String?
        /// Seconds.
        var duration: Int?

        /// Identifies the session among those of the same role.
        var identity: [String] { [name, externalId ?? "", duration.map(String.init) ?? ""] }
    }

    /// Assumes a role with the credentials of a principal that may assume it.
    ///
    /// - Parameter source: the source's name in messages.
    func assumeRole(
        _ role: String, _ session: Session, as sourceCredentials: AWSCredentials, source: String
    ) async throws -> AWSCredentials {
        var parameters = QueryParameters()
        parameters.add("RoleArn", role)
        parameters.add("RoleSessionName", session.name)
        parameters.add("ExternalId", session.externalId)
        parameters.add("DurationSeconds", session.duration.map(String.init))
        return try await request(
            .assumeRole, parameters, as: FixedCredentials(fixed: sourceCredentials), source: source)
    }

    /// Assumes a role with a token of an identity provider, without credentials.
    func assumeRole(
        _ role: String, sessionName: String, webIdentity token: String, source: String
    ) async throws -> AWSCredentials {
        var parameters = QueryParameters()
        parameters.add("RoleArn", role)
        parameters.add("RoleSessionName", sessionName)
        parameters.add("WebIdentityToken", token)
        return try await request(.assumeRoleWithWebIdentity, parameters, as: nil, source: source)
    }

    /// The account and the principal that credentials belong to.
    func callerIdentity(of credentials: any CredentialsProvider) async throws -> CallerIdentity {
        let action = Action.getCallerIdentity
        let records = QueryRecords<CallerIdentity>(
            path: [action.rawValue + "Result"], names: ["Account", "Arn"]
        ) { record in
            guard let account = record.text("Account"), let arn = record.text("Arn") else { return nil }
            return CallerIdentity(account: account, arn: arn)
        }
        let response = try await QueryClient(caller: caller, credentials: credentials).call(
            action, QueryParameters(), at: url, region: region, records: records)
        guard let identity = response.items.first else {
            throw ServiceFailure(
                kind: .unreachable, code: "garbage", message: "the response of STS names no account")
        }
        return identity
    }

    private func request(
        _ action: Action, _ parameters: QueryParameters, as sourceCredentials: FixedCredentials?,
        source: String
    ) async throws -> AWSCredentials {
        let records = QueryRecords<AWSCredentials>(
            path: [action.rawValue + "Result", "Credentials"],
            names: ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]
        ) { record in
            func text(_ name: String) -> JSONValue { record.text(name).map(JSONValue.string) ?? .null }
            return try CredentialsDocument.read(
                [
                    "AccessKeyId": text("AccessKeyId"), "SecretAccessKey": text("SecretAccessKey"),
                    "SessionToken": text("SessionToken"), "Expiration": text("Expiration"),
                ], tokenKey: "SessionToken", source: source, now: clock())
        }
        do {
            let response = try await QueryClient(caller: caller, credentials: sourceCredentials).call(
                action, parameters, at: url, region: region, records: records)
            guard let credentials = response.items.first else {
                throw CredentialsError(source, "the response of STS at \(url) has no credentials")
            }
            return credentials
        } catch let failure as ServiceFailure {
            throw CredentialsError(
                source, "STS at \(url) says \(failure)",
                isTransient: failure.kind == .unreachable || failure.kind == .throttled)
        }
    }
}
