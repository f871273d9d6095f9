package import FoundationEssentials

/// One HTTP request.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
    }

    /// The credentials and the scope of an AWS Signature Version 4, which libcurl computes.
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
    /// Timeout of the exchange in seconds; nil for the client's timeout.
    package var timeout: TimeInterval?
    /// The maximum length of the response body, in bytes.
    package var maxResponseBytes: Int
    /// Whether the request may use a proxy that the environment names. Requests to metadata endpoints never do.
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
