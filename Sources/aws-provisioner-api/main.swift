import API
import CGI
import Cryptography
import Domain
import Glibc
import Platform
import Settings

// One request, one process: the environment and standard input say what is asked, standard output is the answer.

// A web server that hangs up makes the write fail, which is no reason to die of.
signal(SIGPIPE, SIG_IGN)

/// What only the operator may know goes to the web server's error log.
@Sendable func log(_ message: String) {
    let line = Array("aws-provisioner-api: \(message.filter { !$0.isNewline })\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}

func answer(_ bytes: [UInt8]) -> Never {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard count > 0 else { break }
        rest = rest.dropFirst(count)
    }
    exit(0)
}

/// Reads that many bytes of standard input, or as many as come.
func readBody(_ length: Int) -> [UInt8] {
    var body = [UInt8](repeating: 0, count: length)
    var filled = 0
    while filled < length {
        let count = body.withUnsafeMutableBytes { buffer in
            read(STDIN_FILENO, buffer.baseAddress.map { $0 + filled }, length - filled)
        }
        guard count > 0 else { break }
        filled += count
    }
    return Array(body.prefix(filled))
}

/// Reads what is left of a body that is not wanted: a web server may take an unread one for a broken program.
func discardBody() {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var left = 64 << 20
    while left > 0 {
        let count = read(STDIN_FILENO, &chunk, chunk.count)
        guard count > 0 else { return }
        left -= count
    }
}

let environment = ProcessEnvironment.variables
do {
    let settings = try Settings.load(path: nil, environment: environment)
    let request = CGIRequest(environment: environment, trustProxy: settings.trustProxy)
    let router = Router(service(settings, environment: environment), log: log)
    let response =
        router.waits(for: request)
        ? waiting { await router.respondWaiting(request, readBody: readBody) }
        : router.respond(request, readBody: readBody)
    if response.status == 413 { discardBody() }
    answer(response.serialized(withBody: request.method != "HEAD", common: CGIResponse.crossOrigin))
} catch {
    log("\(error)")
    answer(Router.misconfigured.serialized(withBody: true, common: CGIResponse.crossOrigin))
}
