import AWS
import Configuration
import EC2
import FoundationEssentials
import HTTPTransport

extension Settings {
    /// EC2 with the credentials of the environment.
    func ec2(_ http: HTTPClient) -> EC2Client {
        let caller = ServiceCaller(http: http)
        return EC2Client(
            caller: caller, endpoint: Endpoint(environment: ProcessInfo.processInfo.environment),
            credentials: credentialsChain(caller))
    }

    /// Where AWS credentials are looked for, and kept.
    func credentialsChain(_ caller: ServiceCaller) -> CredentialsChain {
        CredentialsChain(
            environment: ProcessInfo.processInfo.environment, caller: caller,
            cacheFile: CredentialsChain.cacheFile(forDatabase: database), region: regions.first)
    }

    /// A client for a command that somebody waits for: all that it asks has the time of one call.
    var interactiveHTTPClient: HTTPClient {
        HTTPClient(deadline: Date().addingTimeInterval(callTimeout), timeout: callTimeout)
    }
}
