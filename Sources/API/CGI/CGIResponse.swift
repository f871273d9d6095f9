/// One answer, as a web server takes it. Source: RFC 3875.
public struct CGIResponse: Sendable {
    public let status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    private var reason: String {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Unknown"
        }
    }

    static let cors: [(name: String, value: String)] = [
        ("Access-Control-Allow-Origin", "*"), ("Access-Control-Max-Age", "900"),
        ("Access-Control-Allow-Methods", "OPTIONS,GET,HEAD,POST,PUT,DELETE,TRACE,CONNECT"),
        ("Access-Control-Request-Method", "*"),
        (
            "Access-Control-Allow-Headers",
            "X-Requested-With,Content-Type,Authorization,Accept,Origin,Cache-Control"
        ),
    ]

    /// The bytes that go to the web server.
    ///
    /// - Parameter withBody: false for HEAD.
    public func serialized(withBody: Bool) -> [UInt8] {
        var head = "Status: \(status) \(reason)\r\n"
        for (name, value) in headers + Self.cors {
            // A line break in a value would make a header of its own.
            head +=
                "\(name): \(String(value.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))\r\n"
        }
        if status != 204 { head += "Content-Length: \(body.count)\r\n" }
        head += "\r\n"
        return Array(head.utf8) + (withBody && status != 204 ? body : [])
    }
}
