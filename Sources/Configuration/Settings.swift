package import Domain
package import Formats
package import FoundationEssentials
import Glibc
import Platform
import SystemPackage
import Taskcluster

/// The settings of a deployment, read at the start from a JSON file and the environment. The environment takes precedence.
package struct Settings: Sendable {
    /// The problems of all invalid settings, each with the name of the setting.
    package struct Problems: Error, CustomStringConvertible, Sendable {
        package let problems: [String]
        /// Whether this process has no permission to read the settings.
        package var isDenied = false

        package var description: String { problems.joined(separator: "; ") }
    }

    package enum Auth: String, CaseIterable, Sendable { case local, taskcluster }
    package enum LogFormat: String, CaseIterable, Sendable { case text, json }

    package var database: String
    /// Whether the database may be on a network file system.
    package var allowNetworkFileSystem: Bool
    package var provisionerId: String
    package var baseUrl: String?
    package var regions: [String]
    package var keyPrefix: String
    package var publicKey: String?
    package var encryptionKey: Secret?
    package var encryptionKeyFile: String?
    package var auth: Auth
    /// Scopes that worker credentials may contain in addition to the identity of the worker.
    package var workerScopes: [String]
    /// Whether signed requests with a body need a payload hash.
    package var requirePayloadHash: Bool
    package var rules: ProvisioningRules
    /// Seconds.
    package var deadline: TimeInterval
    /// The timeout of a call to EC2 or the Queue. Seconds.
    package var callTimeout: TimeInterval
    /// The maximum number of concurrent calls to the Queue.
    package var queueConcurrency: Int
    /// Seconds that the reads of an iteration may take.
    package var fetchTimeout: TimeInterval
    package var validateLaunch: Bool
    /// Whether iterations read the quotas of the account.
    package var readQuotas: Bool
    /// Whether iterations declare the worker types to the Queue.
    package var declareWorkerTypes: Bool
    /// The URL that is requested after each successful iteration.
    package var heartbeatUrl: String?
    /// The URL that is requested after each degraded iteration, beside `heartbeatUrl`.
    package var degradedUrl: String?
    /// Whether owners of worker types get notifications.
    package var notifyOwners: Bool
    /// The e-mail address that gets all notifications.
    package var notifyAddress: String?
    package var notifyWebhook: String?
    package var notifyWebhookKey: Secret?
    package var notifyWebhookKeyFile: String?
    /// The program that gets all notifications, and its arguments.
    package var notifyCommand: [String]?
    /// The URL of the SQS queue that receives EC2's notices from EventBridge.
    package var interruptionQueueUrl: String?
    /// The file to which each iteration writes its metrics.
    package var metricsFile: String?
    /// The time for which records of changes are kept. Seconds.
    package var auditRetention: TimeInterval
    /// The time between two iterations. Seconds.
    package var interval: TimeInterval
    /// Whether X-Forwarded-Host, -Port and -Proto are used.
    package var trustProxy: Bool
    package var logLevel: String
    /// Nil for text on a terminal, and JSON elsewhere.
    package var logFormat: LogFormat?
    package var taskclusterRootUrl: String?
    package var taskclusterClientId: String?
    package var taskclusterAccessToken: Secret?
    package var taskclusterCertificate: Secret?

    /// Nil if all settings are from the environment.
    package private(set) var configurationFile: ConfigurationFile?

    /// Bytes.
    static let leastWebhookKeySize = 16

    package static let standardFile = "/etc/aws-provisioner/config.json"
    static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    /// - Parameter file: the members of the configuration file.
    package init(file: JSONObject, environment: [String: String]) throws(Problems) {
        var reader = SettingsReader(file: file, environment: environment)
        database = reader.text("database") ?? SettingDefaults.database
        allowNetworkFileSystem =
            reader.flag("allowNetworkFileSystem") ?? SettingDefaults.allowNetworkFileSystem
        provisionerId = reader.text("provisionerId") ?? SettingDefaults.provisionerId
        baseUrl = reader.url("baseUrl")
        regions = reader.list("regions")
        keyPrefix = reader.text("keyPrefix") ?? SettingDefaults.keyPrefix
        publicKey = reader.publicKey("publicKey")
        encryptionKey = reader.text("encryptionKey").map(Secret.init)
        encryptionKeyFile = reader.text("encryptionKeyFile")
        auth = reader.choice("auth") ?? SettingDefaults.auth
        workerScopes = reader.workerScopes("workerScopes")
        requirePayloadHash = reader.flag("requirePayloadHash") ?? SettingDefaults.requirePayloadHash
        rules = SettingDefaults.rules
        rules.utility = reader.choice("utility") ?? rules.utility
        rules.maxBid = reader.number("maxBid", 0.000001...1_000_000).map { Price(usd: $0) } ?? rules.maxBid
        rules.totalLimits = reader.totalLimits()
        rules.maxPoolShare = reader.number("maxPoolShare", 0.001...1) ?? rules.maxPoolShare
        rules.strategy = reader.choice("strategy") ?? rules.strategy
        rules.strategies = reader.choices("strategies")
        rules.maxPremium = reader.number("maxPremium", 0...10) ?? rules.maxPremium
        rules.idleExponent = reader.number("idleExponent", 0...1) ?? rules.idleExponent
        rules.anticipations = reader.numbers("anticipation", 0...1000)
        rules.headrooms = reader.headrooms("headroom")
        rules.taskTime = reader.duration("taskTime") ?? rules.taskTime
        rules.taskTimes = reader.durations("taskTimes")
        rules.platforms = reader.choices("platforms")
        rules.schedules = reader.schedules("schedules")
        rules.subnets = reader.subnets("subnets")
        rules.requestMode = reader.choice("requestMode") ?? rules.requestMode
        rules.metadataTokens = reader.choice("metadataTokens") ?? rules.metadataTokens
        if rules.requestMode == .requestSpotInstances, rules.metadataTokens != .account {
            reader.note(
                "metadataTokens",
                "must be account with requestMode \(rules.requestMode.rawValue): RequestSpotInstances has no HttpTokens"
            )
        }
        rules.maxLife = reader.duration("maxLife") ?? rules.maxLife
        rules.secretLife = reader.duration("secretLife") ?? rules.secretLife
        if rules.secretLife < 60 { reader.note("secretLife", "must be at least 1m") }
        rules.claimGrace = reader.duration("claimGrace") ?? rules.claimGrace
        if rules.claimGrace > 3600 { reader.note("claimGrace", "must be at most 1h") }
        rules.bootFailureLimit = reader.integer("bootFailureLimit", 1...1000) ?? rules.bootFailureLimit
        rules.terminateUnknown = reader.flag("terminateUnknown") ?? rules.terminateUnknown
        rules.terminateUnclaimed = reader.flag("terminateUnclaimed") ?? rules.terminateUnclaimed
        deadline = reader.duration("deadline") ?? SettingDefaults.deadline
        callTimeout = reader.duration("callTimeout") ?? SettingDefaults.callTimeout
        queueConcurrency = reader.integer("queueConcurrency", 1...256) ?? SettingDefaults.queueConcurrency
        fetchTimeout = reader.duration("fetchTimeout") ?? SettingDefaults.fetchTimeout
        validateLaunch = reader.flag("validateLaunch") ?? SettingDefaults.validateLaunch
        readQuotas = reader.flag("readQuotas") ?? SettingDefaults.readQuotas
        declareWorkerTypes = reader.flag("declareWorkerTypes") ?? SettingDefaults.declareWorkerTypes
        heartbeatUrl = reader.url("heartbeatUrl")
        degradedUrl = reader.url("degradedUrl")
        notifyOwners = reader.flag("notifyOwners") ?? SettingDefaults.notifyOwners
        notifyAddress = reader.emailAddress("notifyAddress")
        notifyWebhook = reader.url("notifyWebhook")
        notifyWebhookKey = reader.text("notifyWebhookKey").map(Secret.init)
        notifyWebhookKeyFile = reader.text("notifyWebhookKeyFile")
        notifyCommand = reader.commandLine("notifyCommand")
        if let key = notifyWebhookKey, key.revealed.utf8.count < Self.leastWebhookKeySize {
            reader.note("notifyWebhookKey", "must have at least \(Self.leastWebhookKeySize) bytes")
        }
        interruptionQueueUrl = reader.url("interruptionQueueUrl")
        metricsFile = reader.text("metricsFile")
        auditRetention = reader.duration("auditRetention") ?? SettingDefaults.auditRetention
        if auditRetention < 86_400 { reader.note("auditRetention", "must be at least 1d") }
        interval = reader.duration("interval") ?? SettingDefaults.interval
        trustProxy = reader.flag("trustProxy") ?? SettingDefaults.trustProxy
        logLevel = reader.text("logLevel") ?? SettingDefaults.logLevel
        if !Self.logLevels.contains(logLevel) {
            reader.note("logLevel", "must be one of \(Self.logLevels.joined(separator: ", "))")
        }
        logFormat = reader.choice("logFormat")
        taskclusterRootUrl = reader.url("taskclusterRootUrl")
        taskclusterClientId = reader.text("taskclusterClientId")
        taskclusterAccessToken = reader.text("taskclusterAccessToken").map(Secret.init)
        taskclusterCertificate = reader.text("taskclusterCertificate").map(Secret.init)
        if let metricsFile, !metricsFile.hasSuffix(".prom") {
            reader.note("metricsFile", "must end in .prom: node_exporter reads no other files")
        }
        reader.noteUnknownKeys()
        if !reader.problems.isEmpty { throw Problems(problems: reader.problems) }
    }

    /// Reads the named file, else the standard file if it exists, and the environment.
    ///
    /// - Parameter path: the path from the command line, which takes precedence over `AWS_PROVISIONER_CONFIG`.
    package static func load(path: String?, environment: [String: String]) throws(Problems) -> Settings {
        let named = path ?? environment["AWS_PROVISIONER_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let path = named ?? standardFile
        let file: (content: [UInt8], status: Stat)
        do {
            file = try SmallFile.read(path)
        } catch {
            // An existing file that cannot be read does not count as missing.
            guard named == nil, [.noSuchFileOrDirectory, .notDirectory].contains(error) else {
                let text = AccessDenial.reason(path: path, code: error.rawValue)
                throw Problems(
                    problems: ["the configuration file \(path) cannot be read: \(text)"],
                    isDenied: error == .permissionDenied)
            }
            return try Settings(file: [:], environment: environment)
        }
        let content = try read(file.content, path: path)
        var settings = try Settings(file: content, environment: environment)
        settings.configurationFile = ConfigurationFile(path: path, status: file.status, content: content)
        return settings
    }

    /// Reads schedules in the form of the environment variable.
    package static func schedules(_ text: String) throws(Problems) -> WorkerTypePatterns<CapacitySchedule> {
        let variable = Setting.all.first { $0.key == "schedules" }?.variable ?? ""
        return try Settings(file: [:], environment: [variable: text]).rules.schedules
    }

    /// The scopes that the issuer of worker credentials needs.
    package var issuerScopes: [String] {
        Scopes.workerIdentity(provisionerId: provisionerId, workerType: "*") + workerScopes
    }

    /// The client that issues worker credentials; nil without a client in the settings.
    package func workerIssuer() throws(Problems) -> (clientId: String, accessToken: String)? {
        guard let taskclusterClientId, let taskclusterAccessToken else { return nil }
        guard taskclusterCertificate == nil else {
            let name = SettingsReader.name(of: "taskclusterCertificate")
            throw Problems(problems: [
                "\(name): temporary credentials cannot issue worker credentials: configure permanent credentials for the API, "
                    + "or remove them to use the issuer in the database"
            ])
        }
        return (taskclusterClientId, taskclusterAccessToken.revealed)
    }

    private static func read(_ content: some Sequence<UInt8>, path: String) throws(Problems) -> JSONObject {
        let document: JSONValue
        do throws(JSONParsingError) {
            document = try JSONValue(parsing: content)
        } catch {
            throw Problems(problems: ["\(path) is not valid JSON: \(error)"])
        }
        guard let object = document.objectValue else {
            throw Problems(problems: ["\(path) is \(document.typeName): a JSON object is required"])
        }
        return object
    }

    /// The problems of missing settings without which iterations cannot run.
    package func requireForIterating() throws(Problems) {
        let missing = [
            (regions.isEmpty, "regions"), (taskclusterRootUrl == nil, "taskclusterRootUrl"),
            (baseUrl == nil, "baseUrl"),
        ].filter(\.0).map { SettingsReader.name(of: $0.1) + " is required" }
        if !missing.isEmpty { throw Problems(problems: missing) }
    }
}
