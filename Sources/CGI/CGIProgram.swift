import Formats
import Glibc
package import Platform

/// A program that responds to one request: the environment and standard input are the request, standard output is the
/// response, and standard error is the web server's error log. Source: RFC 3875.
package struct CGIProgram: Sendable {
    /// The start of each line in the web server's error log.
    package let name: String

    package init(name: String) {
        self.name = name
        // A web server that closes the connection makes the write fail. The signal would end the process.
        signal(SIGPIPE, SIG_IGN)
    }

    /// The environment of the request, without the header that HTTP libraries read as a proxy setting.
    package func environment() -> [String: String] {
        ProcessEnvironment.removeProxyHeader()
        return ProcessEnvironment.variables
    }

    /// Writes one line to the web server's error log.
    package func log(_ message: String) {
        let line = Array("\(name): \(SafeText.logged(message))\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }

    /// Limits the time and memory of this request.
    ///
    /// - Parameter response: the response at the limit.
    package func limit(response: [UInt8]) throws(ProcessLimits.Failure) {
        try ProcessLimits.request.apply(
            response: response, message: "\(name): the request reached its time limit and was ended")
    }

    /// Writes the response and ends the process.
    package func respond(_ response: [UInt8]) -> Never {
        ProcessLimits.claimOutput()
        var rest = response[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        exit(0)
    }
}
