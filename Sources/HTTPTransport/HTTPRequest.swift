package import FoundationEssentials

/// One HTTP request.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
    }

    /// What libcurl signs a request with, by AWS Signature Version 4.
    package struct Signature: Sendable {
        package let accessKeyId: String
        package let secretAccessKey: String
        package let sessionToken: String?
        package let region: String
        package let service: String

        package init(
            accessKeyId: String, secretAccessKey: String, sessionToken: String?, region: String,
            service: String
        ) {
            self.accessKeyId = accessKeyId
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
            self.region = region
            self.service = service
        }
    }

    package var method: Method
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var signature: Signature?
    /// Seconds that the whole exchange may take; nil for the client's own.
    package var timeout: TimeInterval?
    /// The longest answer that is taken, in bytes.
    package var maxResponseBytes: Int
    /// Whether it may go through a proxy that the environment names. What the machine itself answers never does.
    package var mayUseProxy: Bool

    package init(
        _ method: Method, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        signature: Signature? = nil, timeout: TimeInterval? = nil, maxResponseBytes: Int = 64 << 20,
        mayUseProxy: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.signature = signature
        self.timeout = timeout
        self.maxResponseBytes = maxResponseBytes
        self.mayUseProxy = mayUseProxy
    }
}

/// The answer to a request, whatever its status.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// Names in lower case.
    package let headers: [String: String]
    package let body: [UInt8]

    package init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why no answer came. Never holds what was sent.
package enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// libcurl cannot be loaded or set up.
    case unavailable(String)
    /// The host has no address, or nobody listens there.
    case unreachable(String)
    /// No whole answer came in time, or the deadline is past.
    case timedOut
    /// The answer is longer than the limit, in bytes.
    case tooLarge(limit: Int)
    /// The server's certificate does not hold.
    case untrusted(String)
    case cancelled
    /// The connection broke, or what came is no HTTP.
    case broken(String)

    package var description: String {
        switch self {
        case .unavailable(let reason): reason
        case .unreachable(let reason): "unreachable: \(reason)"
        case .timedOut: "no answer in time"
        case .tooLarge(let limit): "the answer is longer than \(limit) bytes"
        case .untrusted(let reason): "TLS: \(reason)"
        case .cancelled: "cancelled"
        case .broken(let reason): "the connection broke: \(reason)"
        }
    }
}
