/// The URLs of Taskcluster services.
package enum ServiceRoot {
    /// The base URL of a service's API, version 1. The services of `taskcluster.net` have one host each.
    ///
    /// - Parameter rootUrl: the deployment's root URL, with or without a trailing slash.
    package static func url(_ service: String, rootUrl: String) -> String {
        var root = rootUrl
        while root.hasSuffix("/") { root.removeLast() }
        return root == "https://taskcluster.net"
            ? "https://\(service).taskcluster.net/v1" : "\(root)/api/\(service)/v1"
    }
}
