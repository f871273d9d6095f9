package import FoundationEssentials
import HTTPTransport

/// What AWS calls are signed with.
package struct AWSCredentials: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    package let accessKeyId: String
    let secretAccessKey: String
    let sessionToken: String?
    /// When they end; nil for credentials that do not.
    package let expiration: Date?

    package init(
        accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Date? = nil
    ) {
        self.accessKeyId = accessKeyId
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }

    package var description: String { "<AWS credentials \(accessKeyId)>" }
    package var customMirror: Mirror { Mirror(self, children: ["accessKeyId": accessKeyId]) }

    /// How long before their end credentials are replaced. Seconds. The instance role's new ones are there at least
    /// five minutes before; an iteration may sign for a quarter of an hour, and asks again before each call.
    static let refreshWindow: TimeInterval = 10 * 60

    /// Whether they will do for a while.
    func isFresh(at now: Date) -> Bool { outlast(now.addingTimeInterval(Self.refreshWindow)) }

    /// Whether they are still valid at a time.
    func outlast(_ time: Date) -> Bool { expiration.map { $0 > time } ?? true }

    func signature(region: String, service: QueryService) -> HTTPRequest.Signature {
        HTTPRequest.Signature(
            accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: sessionToken,
            region: region, service: service.name)
    }
}

/// Where credentials come from.
package protocol CredentialsProvider: Sendable {
    /// Throws a `CredentialsError` that says which source failed and why.
    func credentials() async throws -> AWSCredentials

    /// Forgets credentials that AWS says have run out.
    func discard(_ credentials: AWSCredentials) async
}

/// Credentials that are given as they are.
struct FixedCredentials: CredentialsProvider {
    let fixed: AWSCredentials

    func credentials() -> AWSCredentials { fixed }

    func discard(_ credentials: AWSCredentials) {}
}

/// Why there are no credentials. Never holds a secret.
package struct CredentialsError: Error, CustomStringConvertible, Sendable {
    /// The source that is configured and does not work; nil when none is configured.
    package let source: String?
    package let reason: String
    /// Whether it may work a minute later as it is: nobody answered, or calls came too fast.
    package let isPassing: Bool

    init(_ source: String?, _ reason: String, isPassing: Bool = false) {
        self.source = source
        self.reason = reason
        self.isPassing = isPassing
    }

    package var description: String {
        source.map { "AWS credentials from \($0): \(reason)" } ?? "no AWS credentials: \(reason)"
    }
}
