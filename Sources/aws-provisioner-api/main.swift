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
    let line = Array("aws-provisioner-api: \(SafeText.logged(message))\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}

func answer(_ bytes: [UInt8]) -> Never {
    ProcessLimits.claimOutput()
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard count > 0 else { break }
        rest = rest.dropFirst(count)
    }
    exit(0)
}

ProcessEnvironment.removeProxyHeader()
let environment = ProcessEnvironment.variables
let body = RequestBody(environment: environment)
do {
    try ProcessLimits.request.apply(
        response: Router.timedOut.serialized(
            withBody: environment["REQUEST_METHOD"] != "HEAD", common: CGIResponse.common),
        message: "aws-provisioner-api: a request took too much time and was ended")
    let settings = try Settings.load(path: nil, environment: environment)
    try settings.becomeServiceUser()
    // HOME is the service user's now.
    let environment = ProcessEnvironment.variables
    let request = CGIRequest(environment: environment, trustProxy: settings.trustProxy)
    let router = Router(service(settings, environment: environment), log: log)
    let response =
        router.waits(for: request)
        ? waiting { await router.respondWaiting(request, readBody: body.read) }
        : router.respond(request, readBody: body.read)
    body.discard()
    answer(response.serialized(withBody: request.method != "HEAD", common: CGIResponse.common))
} catch {
    log("\(error)")
    body.discard()
    answer(Router.misconfigured.serialized(withBody: true, common: CGIResponse.common))
}
