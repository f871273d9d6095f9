/// What a browser asks for, as a web server hands it over. Source: RFC 3875.
package struct PageRequest: Sendable {
    package let method: String
    /// Below the program's own path, as it was decoded by the web server.
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

    /// The query's parameters.
    ///
    /// - Parameter allowed: the names that the page knows.
    func parameters(_ allowed: [String]) throws(PageError) -> [String: String] {
        guard query.utf8.count <= 2000 else { throw .badRequest("The query is too long.") }
        var parameters: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ PercentEncoding.decode($0) }),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "")
            else { throw .badRequest("The query is not well-formed.") }
            guard allowed.contains(name) else {
                throw .badRequest(
                    "This page knows no parameter \(name.prefix(40)): it takes \(allowed.joined(separator: ", "))."
                )
            }
            guard parameters.updateValue(value, forKey: name) == nil else {
                throw .badRequest("The parameter \(name) is there twice.")
            }
        }
        return parameters
    }
}

/// Why there is no page to show.
struct PageError: Error {
    let status: Int
    let title: String
    let message: String
    var headers: [(name: String, value: String)] = []

    static func badRequest(_ message: String) -> PageError {
        PageError(status: 400, title: "This cannot be asked", message: message)
    }

    static func notFound(_ message: String) -> PageError {
        PageError(status: 404, title: "Not found", message: message)
    }
}
