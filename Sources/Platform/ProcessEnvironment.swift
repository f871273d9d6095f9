import Glibc

/// The environment that the process was started with.
package enum ProcessEnvironment {
    /// All variables, read anew. Foundation's `ProcessInfo` gives the same at ten times the cost, which a process
    /// that lives for two milliseconds feels.
    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            defer { entry += 1 }
            guard let equals = strchr(text, 0x3d) else { continue }
            let key = String(
                decoding: UnsafeRawBufferPointer(start: text, count: equals - text), as: UTF8.self)
            // Of a name that stands twice the first counts, as getenv has it.
            if variables[key] == nil { variables[key] = String(cString: equals + 1) }
        }
        return variables
    }

    /// Removes `HTTP_PROXY` in a CGI program, where it is the request's header `Proxy` and not a setting.
    /// Source: https://httpoxy.org.
    package static func removeProxyHeader() { unsetenv("HTTP_PROXY") }
}
