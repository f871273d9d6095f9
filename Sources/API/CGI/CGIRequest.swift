package import Taskcluster

/// A request in the form of CGI. Source: RFC 3875.
package struct CGIRequest: Sendable {
    package let method: String
    /// The path for the routes: below the prefix of the API, or with `/references/` or `/schemas/` at its begin.
    let path: String
    /// The parameters of the query, not decoded.
    let query: [(name: String, value: String)]
    /// The signed parts of the request: path and query exactly as requested, host and port.
    let signed: HawkRequest
    let authorization: String?
    let contentType: String
    /// Nil if it is not a number.
    let contentLength: Int?
    let sourceIp: String?

    /// Whether the request is signed, by a header or by a bewit.
    var hasCredentials: Bool { authorization != nil || query.contains { $0.name == "bewit" } }

    static let prefixes = ["/api/aws-provisioner/v1", "/v1"]

    /// - Parameter trustProxy: whether X-Forwarded-Host, -Port and -Proto are used.
    package init(environment: [String: String], trustProxy: Bool) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        method = value("REQUEST_METHOD") ?? "GET"
        let script = value("SCRIPT_NAME") ?? ""
        let info = value("PATH_INFO") ?? ""
        let queryString = value("QUERY_STRING") ?? ""
        let uri = value("REQUEST_URI")
        path = Self.route(
            candidates: [info, script + info, String((uri ?? "").prefix { $0 != "?" })], script: script,
            info: info)
        query = queryString.split(separator: "&").map { pair in
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            return (String(pair[..<equals]), String(pair[equals...].dropFirst()))
        }
        var host = value("HTTP_HOST") ?? value("SERVER_NAME") ?? ""
        var isSecure = ["on", "1"].contains((value("HTTPS") ?? "").lowercased())
        var forwardedPort: Int?
        if trustProxy {
            func first(_ name: String) -> String? {
                value(name).map { String($0.prefix { $0 != "," }.filter { !$0.isWhitespace }) }
            }
            host = first("HTTP_X_FORWARDED_HOST") ?? host
            if let scheme = first("HTTP_X_FORWARDED_PROTO") { isSecure = scheme.lowercased() == "https" }
            forwardedPort = first("HTTP_X_FORWARDED_PORT").flatMap { Int($0) }
        }
        let (name, port) = Self.split(host: host)
        signed = HawkRequest(
            method: method, resource: uri ?? script + info + (queryString.isEmpty ? "" : "?" + queryString),
            host: name, port: forwardedPort ?? port ?? (isSecure ? 443 : 80))
        authorization = value("HTTP_AUTHORIZATION")
        contentType = value("CONTENT_TYPE") ?? ""
        if let length = value("CONTENT_LENGTH") {
            contentLength = Int(length).flatMap { $0 >= 0 ? $0 : nil }
        } else {
            contentLength = 0
        }
        sourceIp = value("REMOTE_ADDR")
    }

    /// Web servers differ in how they divide a path into script and rest. The first form with a prefix is used.
    private static func route(candidates: [String], script: String, info: String) -> String {
        // The paths below the folders of the documents are no paths of the API, however the server divides them.
        for folder in ["/references", "/schemas"] {
            if script.hasSuffix(folder) { return folder + info }
            if let path = candidates.first(where: { $0.hasPrefix(folder + "/") }) { return path }
        }
        for candidate in candidates {
            for prefix in prefixes where candidate.hasPrefix(prefix + "/") {
                return String(candidate.dropFirst(prefix.count))
            }
        }
        // The prefix is the name of the script, which the server has removed from the path.
        return info.isEmpty ? "/" : info
    }

    /// A host with or without a port. An IPv6 address is in brackets.
    private static func split(host: String) -> (name: String, port: Int?) {
        guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]"),
            let port = Int(host[host.index(after: colon)...]), (0...65_535).contains(port)
        else { return (host, nil) }
        return (String(host[..<colon]), port)
    }
}

extension CGIRequest {
    /// Asks the auth service for the signer of this request.
    package func authenticate(by authenticator: DelegatedAuthenticator) async throws -> Caller {
        try await authenticator.caller(of: signed, authorization: authorization, sourceIp: sourceIp)
    }
}
