import FoundationEssentials
import HTTPTransport

/// What AWS calls are signed with.
public struct AWSCredentials: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    public let accessKeyId: String
    let secretAccessKey: String
    let sessionToken: String?

    public init(accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyId = accessKeyId
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }

    public var description: String { "<AWS credentials \(accessKeyId)>" }
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyId": accessKeyId]) }

    func signature(region: String) -> HTTPRequest.Signature {
        HTTPRequest.Signature(
            accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: sessionToken,
            region: region,
            service: "ec2")
    }
}

/// Where credentials come from.
public protocol CredentialsProvider: Sendable {
    /// Throws an error that says what was tried.
    func credentials() async throws -> AWSCredentials
}

/// No source had credentials.
public struct NoCredentials: Error, CustomStringConvertible, Sendable {
    public let tried: [String]

    public var description: String { "no AWS credentials: tried " + tried.joined(separator: "; ") }
}
