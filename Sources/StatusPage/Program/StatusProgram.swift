import CGI
import Configuration
import Domain
import FoundationEssentials
import Platform
import Reporting
import Storage

/// The program `aws-provisioner-status`.
///
/// It opens the database for reading and without the encryption key, so it cannot change data or show a secret.
package enum StatusProgram {
    /// Answers the request of this process and ends the process.
    package static func run() -> Never {
        let program = CGIProgram(name: "aws-provisioner-status")
        let environment = program.environment()
        let request = PageRequest(environment: environment)
        let now = Date()
        func respond(_ response: CGIResponse) -> Never {
            RequestBody(environment: environment).discard()
            program.respond(response.serialized(withBody: request.method != "HEAD"))
        }
        do {
            try program.limit(
                response: StatusPages.timedOut.serialized(withBody: request.method != "HEAD"))
            let settings = try Settings.load(path: nil, environment: environment)
            try settings.becomeServiceUser()
            let context = DeploymentContext(settings, environment: environment)
            let pages = StatusPages(
                source(context, now: now), provisionerId: settings.provisionerId,
                interval: settings.interval, metadataTokens: settings.rules.metadataTokens, now: now,
                log: program.log)
            respond(pages.respond(request))
        } catch {
            program.log("\(error)")
            respond(StatusPages.misconfigured(request, now: now))
        }
    }

    /// Reads the deployment for the pages.
    private static func source(_ context: DeploymentContext, now: Date) -> StatusPages.Source {
        @Sendable func overview(_ database: ProvisionerDatabase, _ window: TimeInterval) throws -> Overview {
            try Overview(database, iterations: 60, window: window, now: now)
        }
        return StatusPages.Source(
            overview: { try overview(try context.openDatabase(.readOnly), $0) },
            overviewWithTerminations: { window in
                let database = try context.openDatabase(.readOnly)
                return try database.snapshot {
                    (try overview(database, window), try TerminationOverview(database, now: now))
                }
            },
            workerType: { name, window in
                try WorkerTypeDetail(
                    name, in: try context.openDatabase(.readOnly), ownership: context.ownership,
                    rules: context.settings.rules, window: window, now: now)
            },
            costs: { try CostRecord(try context.openDatabase(.readOnly), since: $0, now: now) },
            metrics: {
                let database = try context.openDatabase(.readOnly)
                return (try DeploymentMetrics.text(of: database, now: now), PrometheusText.contentType)
            })
    }
}
