package import FoundationEssentials
import HTTPTransport

/// The key pair and session token that sign calls to AWS.
package struct AWSCredentials: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    package let accessKeyId: String
    let secretAccessKey: String
    let sessionToken: String?
    /// Nil for credentials that do not expire.
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

    /// Time before the expiration at which credentials are replaced, in seconds. The metadata service provides new ones
    /// at least five minutes before. An iteration takes up to 15 minutes, and checks before each call.
    static let refreshWindow: TimeInterval = 10 * 60

    /// Whether the credentials need no replacement yet.
    func isFresh(at now: Date) -> Bool { isValid(at: now.addingTimeInterval(Self.refreshWindow)) }

    func isValid(at time: Date) -> Bool { expiration.map { $0 > time } ?? true }

    func signature(region: String, service: QueryService) -> HTTPRequest.Signature {
        HTTPRequest.Signature(
            accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: sessionToken,
            region: region, service: service.name)
    }
}
