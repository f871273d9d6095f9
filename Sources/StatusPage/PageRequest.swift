import Formats

/// The request of a browser in the form of CGI. Source: RFC 3875.
package struct PageRequest: Sendable {
    package let method: String
    /// The path below the path of the program, decoded by the web server.
    let path: String
    let query: String
    let links: Links

    package init(environment: [String: String]) {
        func value(_ name: String) -> String { environment[name] ?? "" }
        method = value("REQUEST_METHOD").isEmpty ? "GET" : value("REQUEST_METHOD")
        path = value("PATH_INFO")
        query = value("QUERY_STRING")
        links = Links(scriptName: value("SCRIPT_NAME"))
    }

    /// Parses the parameters of the query.
    ///
    /// - Parameter allowed: the names of the parameters of the page.
    func parameters(_ allowed: [String]) throws(PageError) -> [String: String] {
        guard query.utf8.count <= 2000 else { throw .badRequest("The query is longer than 2000 bytes.") }
        var parameters: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ PercentEncoding.decode($0) }),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "")
            else { throw .badRequest("The query is not percent-encoded UTF-8.") }
            guard allowed.contains(name) else {
                throw .badRequest(
                    "This page has no parameter \(name.prefix(40)). Its parameters: \(allowed.isEmpty ? "none" : allowed.joined(separator: ", "))."
                )
            }
            guard parameters.updateValue(value, forKey: name) == nil else {
                throw .badRequest("The parameter \(name) occurs twice.")
            }
        }
        return parameters
    }
}

/// The reason why a request gets no page.
struct PageError: Error {
    let status: Int
    let title: String
    let message: String
    var headers: [(name: String, value: String)] = []

    static func badRequest(_ message: String) -> PageError {
        PageError(status: 400, title: "Invalid request", message: message)
    }

    static func notFound(_ message: String) -> PageError {
        PageError(status: 404, title: "Not found", message: message)
    }
}
