import AWS
import Configuration
import Cryptography
import Domain
import EC2
import Formats
import FoundationEssentials
import HTTPTransport
import Platform
import Storage
import Taskcluster

/// Looks at the services: each is asked once, all at the same time, within the time of one call.
struct ServiceChecks: Sendable {
    private let deployment: DeploymentContext
    private let http: HTTPClient

    private var settings: Settings { deployment.settings }

    init(deployment: DeploymentContext) {
        self.deployment = deployment
        http = deployment.interactiveHTTPClient()
    }

    func findings(_ database: ProvisionerDatabase?) async -> [Finding] {
        let clients = try? database?.clients.list()
        let workerType = (try? database?.workerTypes.names().first) ?? "doctor"
        async let credentials = credentials()
        async let regions = regions()
        async let queue = queue(workerType: workerType)
        async let auth = auth(clients)
        async let issuer = IssuerChecks(deployment: deployment, http: http).findings(database)
        async let addresses = AddressChecks(settings: settings, http: http).findings()
        async let quotas = QuotaChecks(
            client: deployment.aws(ServiceCaller(http: http)).quotas, regions: settings.regions
        ).findings()
        return await [credentials] + regions + quotas + [queue, auth] + issuer + addresses
    }

    private func credentials() async -> Finding {
        let subject = "credentials"
        let aws = deployment.aws(ServiceCaller(http: http))
        let key: String
        do {
            // The id of a key is no secret; all of it is more than a terminal needs to show.
            let id = try await aws.credentials.credentials().accessKeyId
            key = "access key \(id.prefix(4))...\(id.suffix(4))"
        } catch {
            return .failed(subject, "\(error)", .configuration)
        }
        do {
            let identity = try await aws.callerIdentity()
            return .ok(subject, "account \(identity.account), \(identity.arn), \(key)")
        } catch let failure as ServiceFailure where failure.isMisconfiguration {
            return .failed(subject, "\(key): STS refuses it: \(failure)", .configuration)
        } catch {
            // Iterations do not need STS where no role is assumed.
            return .note(subject, "\(key); STS does not say whose: \(error)")
        }
    }

    private func regions() async -> [Finding] {
        guard !settings.regions.isEmpty else { return [] }
        let caller = ServiceCaller(http: http)
        let client = deployment.aws(caller).ec2
        let found = await withTaskGroup(of: Finding.self) { group in
            for region in settings.regions { group.addTask { await self.region(region, client) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.subject < $1.subject }
        }
        return found + [clock(caller.statistics.clockSkew)].compactMap(\.self)
    }

    /// Whether this machine's clock agrees with the responses of EC2; nil where there was no response.
    private func clock(_ skew: ClockSkew?) -> Finding? {
        guard let skew else { return nil }
        if skew.isSignificant {
            return .failed("clock", "\(skew): correct it, for example with chrony", .configuration)
        }
        return .ok("clock", "differs by \(Int(abs(skew.seconds))) s from EC2's")
    }

    private func region(_ region: String, _ client: EC2Client) async -> Finding {
        do {
            let state = try await client.regionState(region, ownership: deployment.ownership, now: Date())
            let instances = Fleet([state], ownership: deployment.ownership).instances.filter {
                $0.instance.state != .terminated
            }
            return .ok(
                "region \(region)",
                "\(state.availabilityZones.count) zones, \(instances.count) instances of ours")
        } catch let failure as ServiceFailure {
            return .failed("region \(region)", "\(failure)", failure.exit)
        } catch {
            return .failed("region \(region)", "\(error)", .unavailable)
        }
    }

    private func queue(workerType: String) async -> Finding {
        guard let root = settings.taskclusterRootUrl else {
            return .failed("queue", "TASKCLUSTER_ROOT_URL is not set", .configuration)
        }
        do {
            let client = try deployment.queue(ServiceCaller(http: http))
            let id = settings.provisionerId
            if let counts = try await client.taskCounts(provisionerId: id, workerType: workerType),
                let claimed = counts.claimed
            {
                return .ok(
                    "queue",
                    "\(root): \(counts.pending) pending and \(claimed) claimed tasks for \(workerType)")
            }
            let count = try await client.pendingTasks(provisionerId: id, workerType: workerType)
            return .ok("queue", "\(root): \(count) pending tasks for \(workerType)")
        } catch let failure as ServiceFailure {
            return .failed("queue", "\(root): \(failure)", failure.exit)
        } catch let failure as Settings.Problems {
            return .failed("queue", "\(failure)", .configuration)
        } catch {
            return .failed("queue", "\(root): \(error)", .unavailable)
        }
    }

    private func auth(_ clients: [ClientRecord]?) async -> Finding {
        if settings.auth == .local {
            guard let clients else { return .note("auth", "local: the clients are in the database") }
            let issued =
                settings.taskclusterClientId != nil || clients.contains { $0.clientId == ClientStore.issuer }
            guard issued else {
                return .failed(
                    "auth", "local: no issuer of worker credentials: make it with `aws-provisioner init`",
                    .configuration)
            }
            let others = clients.filter { $0.clientId != ClientStore.issuer }
            let expired = others.count { $0.expires.map { $0 <= Date() } ?? false }
            return .ok(
                "auth",
                "local: \(others.count) clients" + (expired > 0 ? ", of which \(expired) expired" : ""))
        }
        guard let root = settings.taskclusterRootUrl else {
            return .failed("auth", "TASKCLUSTER_ROOT_URL is not set", .configuration)
        }
        return await delegated(root)
    }

    /// Has the auth service check a request that our own credentials sign.
    private func delegated(_ root: String) async -> Finding {
        do {
            let request = HawkRequest(method: "GET", resource: "/", host: "localhost", port: 443)
            let signed = try deployment.taskclusterCredentials()?.authorization(
                for: request, timestamp: Int(Date().timeIntervalSince1970),
                nonce: SlugID.make(random: try SecureRandom.bytes(16)))
            // The request changes nothing, so that no nonce is stored.
            let authenticator = DelegatedAuthenticator(
                http: http, rootUrl: root, now: Date(), workerIssuers: [], isFirstUse: { _, _, _ in true })
            let caller = try await authenticator.caller(of: request, authorization: signed, sourceIp: nil)
            guard signed != nil else {
                return .ok("auth", "\(root): answers; there are no credentials to try")
            }
            guard let clientId = caller.clientId else {
                return .failed("auth", "\(root): did not look at our credentials", .unavailable)
            }
            return .ok("auth", "\(root): knows \(clientId)")
        } catch let failure as AuthenticationFailure {
            return .failed("auth", "\(root): refuses our credentials: \(failure)", .configuration)
        } catch {
            return .failed("auth", "\(root): \(error)", .unavailable)
        }
    }
}
