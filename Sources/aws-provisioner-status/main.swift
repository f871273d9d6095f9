import CGI
import Domain
import FoundationEssentials
import Glibc
import Metrics
import Overview
import Platform
import Settings
import StatusPage
import Storage

// One request, one process: the environment says what is asked, standard output is the answer. The database is opened
// for reading alone and without its key, so that nothing can be changed here and no secret can be shown.

// A web server that hangs up makes the write fail, which is no reason to die of.
signal(SIGPIPE, SIG_IGN)

/// What only the operator may know goes to the web server's error log.
@Sendable func log(_ message: String) {
    let line = Array("aws-provisioner-status: \(SafeText.logged(message))\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}

func answer(_ response: CGIResponse, to request: PageRequest) -> Never {
    RequestBody(environment: environment).discard()
    ProcessLimits.claimOutput()
    var rest = response.serialized(withBody: request.method != "HEAD")[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard count > 0 else { break }
        rest = rest.dropFirst(count)
    }
    exit(0)
}

/// What the pages are made from, as the settings say.
func source(_ settings: Settings, now: Date) -> StatusPages.Source {
    @Sendable func database() throws -> ProvisionerDatabase {
        try ProvisionerDatabase(path: settings.database, key: nil, readOnly: true)
    }
    return StatusPages.Source(
        overview: { try Overview(try database(), iterations: 60, window: $0, now: now) },
        endings: { try Endings(try database(), now: now) },
        workerType: { name, window in
            try WorkerTypeDetail(
                name, in: try database(),
                ownership: Ownership(provisionerId: settings.provisionerId, keyPrefix: settings.keyPrefix),
                rules: settings.rules, window: window, now: now)
        },
        metrics: { (DeploymentMetrics.text($0), PrometheusText.contentType) })
}

ProcessEnvironment.removeProxyHeader()
let environment = ProcessEnvironment.variables
let request = PageRequest(environment: environment)
let now = Date()
do {
    try ProcessLimits.request.apply(
        response: StatusPages.timedOut.serialized(withBody: request.method != "HEAD"),
        message: "aws-provisioner-status: a request took too much time and was ended")
    let settings = try Settings.load(path: nil, environment: environment)
    try settings.becomeServiceUser()
    let pages = StatusPages(
        source(settings, now: now), provisionerId: settings.provisionerId, interval: settings.interval,
        now: now,
        log: log)
    answer(pages.respond(request), to: request)
} catch {
    log("\(error)")
    answer(StatusPages.misconfigured(request, now: now), to: request)
}
