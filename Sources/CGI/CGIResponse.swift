import Formats

/// A response in the form of CGI. Source: RFC 3875.
package struct CGIResponse: Sendable {
    package let status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
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

    /// The bytes for the web server.
    ///
    /// - Parameters:
    ///   - withBody: whether the body is included: not for HEAD.
    ///   - common: the headers of every response of the program.
    package func serialized(withBody: Bool, common: [(name: String, value: String)] = []) -> [UInt8] {
        var head = "Status: \(status) \(reason)\r\n"
        for (name, value) in headers + common {
            // A line break in a value would begin another header.
            head +=
                "\(name): \(String(value.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))\r\n"
        }
        if status != 204 { head += "Content-Length: \(body.count)\r\n" }
        head += "\r\n"
        return Array(head.utf8) + (withBody && status != 204 ? body : [])
    }
}
