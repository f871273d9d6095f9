package import AWS
package import EC2
import HTTPTransport

/// The clients of AWS, which share one chain of credentials.
package struct AWSClients: Sendable {
    package let credentials: CredentialsChain
    package let ec2: EC2Client
    package let parameters: ParameterClient
    /// Nil where the setting `readQuotas` switches it off.
    package let quotas: QuotaClient?
    /// The queue of EC2's interruption notices; nil without the setting `interruptionQueueUrl`.
    package let interruptions: InterruptionQueue?
    private let environment: [String: String]
    private let caller: ServiceCaller
    private let region: String?

    init(settings: Settings, environment: [String: String], caller: ServiceCaller) {
        (self.environment, self.caller, region) = (environment, caller, settings.regions.first)
        credentials = CredentialsChain(
            environment: environment, caller: caller,
            cacheFile: CredentialsChain.cacheFile(forDatabase: settings.database),
            region: settings.regions.first)
        ec2 = EC2Client(
            caller: caller, endpoint: Endpoint(environment: environment), credentials: credentials)
        parameters = ParameterClient(
            caller: caller, endpoint: Endpoint(.ssm, environment: environment), credentials: credentials)
        let (credentials, ec2) = (credentials, ec2)
        quotas =
            settings.readQuotas
            ? QuotaClient(
                caller: caller, endpoint: Endpoint(.serviceQuotas, environment: environment),
                credentials: credentials, ec2: ec2) : nil
        interruptions = settings.interruptionQueueUrl.map { url in
            InterruptionQueue(
                caller: caller, url: url, region: settings.regions.first ?? "us-east-1",
                credentials: credentials)
        }
    }

    /// The account and the principal of the credentials, according to STS.
    package func callerIdentity() async throws -> CallerIdentity {
        try await CallerIdentity.of(credentials, environment: environment, region: region, caller: caller)
    }
}
