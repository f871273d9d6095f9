/// Where a Taskcluster service is, below a deployment's root.
package enum ServiceRoot {
    /// The base of a service's API, version 1. The original deployment's services have hosts of their own.
    ///
    /// - Parameter rootUrl: with or without a slash at its end.
    package static func url(_ service: String, rootUrl: String) -> String {
        var root = rootUrl
        while root.hasSuffix("/") { root.removeLast() }
        return root == "https://taskcluster.net"
            ? "https://\(service).taskcluster.net/v1" : "\(root)/api/\(service)/v1"
    }
}
