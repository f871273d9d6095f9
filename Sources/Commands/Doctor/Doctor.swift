import ArgumentParser
import Configuration
import Domain
import EC2
import Formats
import FoundationEssentials
import Platform
import Storage

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check settings, database, key, AWS credentials, regions, Queue and auth.",
        discussion: """
            Changes nothing. Exits with 0 only if every check passed. If root starts it, it runs as the service user, as \
            every command does. With --max-age it checks only the last iteration, and answers as a Nagios plugin, with one \
            line: 0 if it finished within the time, 1 if it finished earlier, 2 if it failed or could read no region, 3 \
            if that is unknown. With --iam-policy it prints the IAM policy that \
            the deployment needs.

            Example: aws-provisioner doctor --max-age 10m
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "Exit with 1 unless an iteration finished within this time, as 10m.") var maxAge:
        DurationArgument?
    @Flag(help: "Print the least IAM policy that this deployment needs, as JSON.") var iamPolicy = false
    @Option(name: .customLong("pass-role"), help: "With --iam-policy: ARNs of roles in instance profiles.")
    var passRoleLists: [ListArgument<String>] = []
    private var passRole: [String] { passRoleLists.values() }
    @Option(
        name: .customLong("assume-role"), help: "With --iam-policy: ARNs of roles that the credentials take.")
    var assumeRoleLists: [ListArgument<String>] = []
    private var assumeRole: [String] { assumeRoleLists.values() }
    @OptionGroup var json: JSONOption

    func validate() throws {
        guard maxAge == nil || !iamPolicy else {
            throw ValidationError("--max-age or --iam-policy, not both")
        }
        guard passRole.isEmpty && assumeRole.isEmpty || iamPolicy else {
            throw ValidationError("--pass-role and --assume-role go with --iam-policy")
        }
        for role in passRole + assumeRole
        where role.wholeMatch(of: /arn:aws[a-z-]*:iam::[0-9*]+:role\/.+/) == nil {
            throw ValidationError(
                "\(role) is not the ARN of a role: write it as arn:aws:iam::123456789012:role/NAME")
        }
    }

    func run() async throws {
        if iamPolicy { return try printPolicy(try common.deployment()) }
        if let maxAge { return try AgeCheck(limit: maxAge.seconds, common: common, json: json).run() }
        let report = await report()
        if json.isSet { try Terminal.print(document: report.json) } else { Terminal.print(report.lines()) }
        if let exit = report.exit { throw ExitCode(exit.rawValue) }
    }

    private func report() async -> DoctorReport {
        let deployment: DeploymentContext
        var report = DoctorReport()
        do {
            deployment = try common.deployment()
        } catch {
            report.findings = [.failed("settings", "\(error)", .configuration)]
            return report
        }
        let settings = deployment.settings
        do {
            try settings.requireForIterating()
            report.findings.append(
                .ok("settings", "provisionerId \(settings.provisionerId), \(settings.regions.count) regions"))
        } catch {
            report.findings.append(.failed("settings", "\(error)", .configuration))
        }
        report.findings += UserCheck().findings() + formerNames()
        report.findings += FileChecks(deployment: deployment).findings()
        let (findings, database) = DatabaseChecks(deployment: deployment).findings()
        report.findings += findings
        report.findings += await ServiceChecks(deployment: deployment).findings(database)
        report.findings += NotificationChecks(deployment: deployment).findings(database, now: Date())
        if let database {
            report.findings += HoldChecks(database: database, ownership: deployment.ownership)
                .findings(now: Date())
            report.findings += LimitChecks(limits: settings.rules.totalLimits, database: database).findings()
            report.findings.append(lastIteration(database, settings))
        }
        return report
    }

    /// Advice: environment variables with the former name of a setting.
    private func formerNames() -> [Finding] {
        let environment = ProcessInfo.processInfo.environment
        return Setting.all.flatMap { setting in
            setting.aliases.filter { environment[$0.variable] != nil }.map {
                .note("environment", "\($0.variable) is a former name: use \(setting.variable)")
            }
        }
    }

    /// When the last iteration finished. Before the first one that is no fault.
    private func lastIteration(_ database: ProvisionerDatabase, _ settings: Settings) -> Finding {
        guard let last = try? database.iterations.lastFinished(), let finishedAt = last.finishedAt else {
            return .note("iteration", "none has finished yet")
        }
        let age = Date().timeIntervalSince(finishedAt)
        let text = "\(last.id) finished \(RelativeTime.text(age)) ago: \(last.outcome?.rawValue ?? "?")"
        return age > 3 * settings.interval || last.outcome == .failed
            ? .note("iteration", text) : .ok("iteration", text)
    }

    /// Prints the policy, and on standard error the steps that it does not contain.
    private func printPolicy(_ deployment: DeploymentContext) throws {
        let settings = deployment.settings
        var definitions: [WorkerTypeDefinition] = []
        do {
            definitions = try deployment.openDatabase(.readOnly).workerTypes.withoutSecrets().types
                .map(\.type.definition)
        } catch {
            let reason = "\(error)"
            Terminal.printError("note: the policy does not cover the needs of stored definitions: \(reason)")
        }
        // Regions that are managed no more are read, and their instances terminated, until their last launch has ended. A
        // new deployment has no database yet.
        let open = (try? deployment.openDatabase(.readOnly).launches.openRegions()) ?? [:]
        let retired = settings.regions.isEmpty ? [] : Set(open.keys).subtracting(settings.regions).sorted()
        let policy = IAMPolicy(
            ownership: deployment.ownership, regions: settings.regions + retired,
            requestMode: settings.rules.requestMode,
            importsKeyPair: settings.publicKey != nil, passedRoles: passRole, assumedRoles: assumeRole,
            queueURL: settings.interruptionQueueUrl,
            readsSubnets: !settings.rules.subnets.isEmpty, readsQuotas: settings.readQuotas,
            needs: LaunchNeeds(definitions))
        try Terminal.print(json: policy.json)
        policy.notes.forEach { Terminal.printError("note: \($0)") }
    }
}
