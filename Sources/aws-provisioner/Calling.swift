import EC2
import FoundationEssentials
import HTTPTransport
import Queue
import Settings

extension Settings {
    /// EC2 with the credentials of the environment.
    func ec2(_ http: HTTPClient) -> EC2Client {
        EC2Client(
            http: http, endpoint: Endpoint(environment: ProcessInfo.processInfo.environment),
            credentials: credentialsChain)
    }

    /// Where AWS credentials are looked for.
    var credentialsChain: CredentialsChain {
        CredentialsChain(environment: ProcessInfo.processInfo.environment)
    }

    /// A client for a command that somebody waits for: all that it asks has the time of one call.
    var impatientClient: HTTPClient {
        HTTPClient(deadline: Date().addingTimeInterval(callTimeout), timeout: callTimeout)
    }
}
