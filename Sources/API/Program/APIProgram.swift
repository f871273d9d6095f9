import CGI
import Configuration
import Platform

/// The program `aws-provisioner-api`.
package enum APIProgram {
    /// Answers the request of this process and ends the process.
    package static func run() -> Never {
        let program = CGIProgram(name: "aws-provisioner-api")
        let environment = program.environment()
        let body = RequestBody(environment: environment)
        do {
            try program.limit(
                response: Router.timedOut.serialized(
                    withBody: environment["REQUEST_METHOD"] != "HEAD", common: CGIResponse.common))
            let settings = try Settings.load(path: nil, environment: environment)
            try settings.becomeServiceUser()
            // HOME is the service user's now.
            let environment = ProcessEnvironment.variables
            let request = CGIRequest(environment: environment, trustProxy: settings.trustProxy)
            let service = try APIDependencies(settings, environment: environment, log: program.log)
            let router = Router(service, log: program.log)
            let reply = router.respond(request, readBody: body.read)
            let response =
                switch reply {
                case .immediate(let response): response
                case .deferred: MainThread.wait { await reply.response() }
                }
            body.discard()
            program.respond(
                response.serialized(withBody: request.method != "HEAD", common: CGIResponse.common))
        } catch {
            program.log("\(error)")
            body.discard()
            program.respond(Router.misconfigured.serialized(withBody: true, common: CGIResponse.common))
        }
    }
}
