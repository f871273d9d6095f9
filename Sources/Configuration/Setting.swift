import Domain
import FoundationEssentials

/// A setting: its names, default and meaning. The table in the operator's guide contains them.
package struct Setting: Sendable {
    /// The key and the environment variable of a setting.
    package struct Name: Sendable, Equatable {
        /// The key in the configuration file.
        package let key: String
        /// The environment variable, which takes precedence over the file.
        package let variable: String
    }

    package let name: Name
    /// Former names, which are accepted as well.
    package let aliases: [Name]
    /// The default as text.
    package let standard: String
    package let meaning: String

    package var key: String { name.key }
    package var variable: String { name.variable }

    init(key: String, variable: String, standard: String, meaning: String, aliases: [Name] = []) {
        name = Name(key: key, variable: variable)
        self.aliases = aliases
        self.standard = standard
        self.meaning = meaning
    }

    static func own(
        _ key: String, _ name: String, _ standard: String, _ meaning: String, aliases: [Name] = []
    ) -> Setting {
        Setting(
            key: key, variable: "AWS_PROVISIONER_" + name, standard: standard, meaning: meaning,
            aliases: aliases)
    }

    /// A setting with a default value, which its documentation shows.
    static func own(
        _ key: String, _ name: String, _ standard: SettingDefaults.Value, _ meaning: String
    ) -> Setting {
        own(key, name, standard.text, meaning)
    }

    /// Settings of earlier versions whose values have no meaning any more, with the advice of the error.
    static let removed: [(name: Name, advice: String)] = [
        (
            Name(key: "idlePremium", variable: "AWS_PROVISIONER_IDLE_PREMIUM"),
            "idleExponent (AWS_PROVISIONER_IDLE_EXPONENT) replaces it with another scale: remove it to use the default"
        )
    ]

    /// All settings, in the order of the table.
    package static let all: [Setting] = [
        .own(
            "database", "DATABASE", .text(SettingDefaults.database), "path of the SQLite file"),
        .own(
            "allowNetworkFileSystem", "ALLOW_NETWORK_FILE_SYSTEM",
            .flag(SettingDefaults.allowNetworkFileSystem),
            "accept a database on a network file system (NFS, Amazon EFS, SMB); only if one machine alone uses it"
        ),
        .own(
            "provisionerId", "ID", .text(SettingDefaults.provisionerId), "provisionerId of all worker types"),
        .own(
            "baseUrl", "BASE_URL", "required to launch",
            "public URL of the API, for the user data of instances"
        ),
        .own(
            "regions", "REGIONS", "required to iterate",
            "managed regions, separated by commas (a list in the file)"),
        .own(
            "keyPrefix", "KEY_PREFIX", .text(SettingDefaults.keyPrefix),
            "prefix of the names of EC2 key pairs"),
        .own("publicKey", "PUBLIC_KEY", "none: no key pair", "SSH public key for the instances"),
        .own(
            "encryptionKey", "ENCRYPTION_KEY", "the key file",
            "key that encrypts secrets: 32 bytes in base64"),
        .own(
            "encryptionKeyFile", "ENCRYPTION_KEY_FILE", "the database's path + .key",
            "file that contains this key"
        ),
        .own(
            "auth", "AUTH", .text(SettingDefaults.auth.rawValue),
            "where clients are looked up: `local` (the database) or `taskcluster` (the auth service)"),
        .own(
            "workerScopes", "WORKER_SCOPES", "none",
            "scopes that worker credentials may have in addition to the identity of the worker, separated by commas "
                + "(a list in the file); `init` and `client narrow-issuer` give them to the issuer"),
        .own(
            "requirePayloadHash", "REQUIRE_PAYLOAD_HASH", .flag(SettingDefaults.requirePayloadHash),
            "refuse signed requests that have a body and no payload hash; the published clients send no payload hash"
        ),
        .own(
            "utility", "UTILITY", .text(SettingDefaults.rules.utility.rawValue),
            "how the utility factor changes a spot price: `multiply` or `divide`"
        ),
        .own(
            "maxBid", "MAX_BID", .number(SettingDefaults.rules.maxBid.usd),
            "highest bid, in USD per hour; a pool that needs a higher bid is not used"),
        .own(
            "maxTotalCapacity", "MAX_TOTAL_CAPACITY", "none",
            "maximum of the capacity of all worker types together"),
        .own(
            "maxTotalInstances", "MAX_TOTAL_INSTANCES", "none",
            "maximum number of instances of all worker types together"),
        .own(
            "maxHourlySpend", "MAX_HOURLY_SPEND", "none",
            "maximum of what the instances of all worker types cost per hour, in USD, at the prices in force"),
        .own(
            "maxDailySpend", "MAX_DAILY_SPEND", "none",
            "maximum of what all worker types cost in a day of UTC, in USD"),
        .own(
            "maxMonthlySpend", "MAX_MONTHLY_SPEND", "none",
            "maximum of what all worker types cost in a month of UTC, in USD"),
        .own(
            "maxPoolShare", "MAX_POOL_SHARE", .number(SettingDefaults.rules.maxPoolShare),
            "largest share of the new capacity of a worker type in one pool"),
        .own(
            "strategy", "STRATEGY", .text(SettingDefaults.rules.strategy.rawValue),
            "choice of pools: `least-cost`, `diversified`, `risk-adjusted`, `random-zone` or `cheapest-pool`"),
        .own(
            "strategies", "STRATEGIES", "none",
            "strategies of single worker types: `build-*=diversified,signing=risk-adjusted` (an object in the file)"
        ),
        .own(
            "maxPremium", "MAX_PREMIUM", .number(SettingDefaults.rules.maxPremium),
            "largest additional cost that `diversified` may cause, or that another region may cause when the launches of one "
                + "region are at their limit; 0.2 is 20 %"),
        .own(
            "idleExponent", "IDLE_EXPONENT", .number(SettingDefaults.rules.idleExponent),
            "prices are compared after multiplication by capacity to the power of this, for the idle slots of large instances"
        ),
        .own(
            "anticipation", "ANTICIPATION", "none",
            "number of intervals whose expected demand is bought in advance while demand is uncovered, by worker type: "
                + "`build-*=18,signing=0` (an object in the file)"),
        .own(
            "headroom", "HEADROOM", "none",
            "free slots to keep by worker type, as a number of tasks or a share of the running capacity: "
                + "`build-*=10%,signing=1` (an object in the file)"),
        .own(
            "taskTime", "TASK_TIME", .duration(SettingDefaults.rules.taskTime),
            "task duration, for `risk-adjusted`"),
        .own(
            "taskTimes", "TASK_TIMES", "none",
            "task durations of single worker types: `build-*=2h,signing=5m` (an object in the file)"),
        .own(
            "platforms", "PLATFORMS", "none",
            "platforms of single worker types, instead of those of their images: `build-win*=windows,sap=suse` (an object in the "
                + "file); `linux`, `windows`, `rhel` or `suse`"),
        .own(
            "schedules", "SCHEDULES", "none",
            "capacity bounds of single worker types by weekly windows: `build-*=Europe/Berlin Mon-Fri 08:00-18:00 min=10 "
                + "max=200` (an object in the file)"),
        .own(
            "subnets", "SUBNETS", "none",
            "subnets of single worker types, by ids or tags: `build-*=tag:Role=worker,signing=subnet-0a1+subnet-0b2` (an object in "
                + "the file)"),
        .own(
            "requestMode", "REQUEST_MODE", .text(SettingDefaults.rules.requestMode.rawValue),
            "EC2 action that launches spot instances: `run-instances` or `request-spot-instances`"),
        .own(
            "metadataTokens", "METADATA_TOKENS", .text(SettingDefaults.rules.metadataTokens.rawValue),
            "session tokens of the instance metadata service (IMDSv2), where a definition has no `HttpTokens`: `account` (the "
                + "image and the account decide), `required` or `optional`"),
        .own(
            "maxLife", "MAX_LIFE", .duration(SettingDefaults.rules.maxLife),
            "age at which an instance is terminated"),
        .own(
            "secretLife", "SECRET_LIFE", .duration(SettingDefaults.rules.secretLife),
            "time in which a worker must fetch its secret, from the start of its instance, at least 1m"),
        .own(
            "claimGrace", "CLAIM_GRACE", .duration(SettingDefaults.rules.claimGrace),
            "time after its check-in in which an instance counts as booting, until its worker claims a task; at most 1h"
        ),
        .own(
            "bootFailureLimit", "BOOT_FAILURE_LIMIT", .number(Double(SettingDefaults.rules.bootFailureLimit)),
            "launches in a row that never check in before a worker type is stopped"),
        .own(
            "terminateUnknown", "TERMINATE_UNKNOWN", .flag(SettingDefaults.rules.terminateUnknown),
            "terminate instances of worker types that the database never contained"),
        .own(
            "terminateUnclaimed", "TERMINATE_UNCLAIMED", .flag(SettingDefaults.rules.terminateUnclaimed),
            "terminate instances whose worker never fetched its secret"),
        .own("deadline", "DEADLINE", .duration(SettingDefaults.deadline), "timeout of an iteration"),
        .own(
            "callTimeout", "CALL_TIMEOUT", .duration(SettingDefaults.callTimeout),
            "timeout of one call to EC2 or the Queue"),
        .own(
            "queueConcurrency", "QUEUE_CONCURRENCY", .number(Double(SettingDefaults.queueConcurrency)),
            "maximum number of concurrent calls to the Queue, 1 to 256"),
        .own(
            "fetchTimeout", "FETCH_TIMEOUT", .duration(SettingDefaults.fetchTimeout),
            "maximum duration of the reads of an iteration; it continues without the missing responses"),
        .own(
            "validateLaunch", "VALIDATE_LAUNCH", .flag(SettingDefaults.validateLaunch),
            "check images, security groups and launch templates in EC2 when a worker type is stored; the commands also have "
                + "`--offline`"),
        .own(
            "readQuotas", "READ_QUOTAS", .flag(SettingDefaults.readQuotas),
            "read the vCPU quotas of the account once a day, so that launches above them are not tried"),
        .own(
            "declareWorkerTypes", "DECLARE_WORKER_TYPES", .flag(SettingDefaults.declareWorkerTypes),
            "declare the provisioner and its worker types to the Queue once a day and after a change"),
        .own(
            "heartbeatUrl", "HEARTBEAT_URL", "none", "URL that is requested after each successful iteration",
            aliases: [Name(key: "checkInUrl", variable: "AWS_PROVISIONER_CHECK_IN_URL")]),
        .own(
            "degradedUrl", "DEGRADED_URL", "none", "URL that is requested after each degraded iteration"),
        .own(
            "notifyOwners", "NOTIFY_OWNERS", .flag(SettingDefaults.notifyOwners),
            "send the problems of a worker type to its `owner`, by the Notify service of Taskcluster"),
        .own(
            "notifyAddress", "NOTIFY_ADDRESS", "none",
            "e-mail address that receives all notifications, by the Notify service"),
        .own(
            "notifyWebhook", "NOTIFY_WEBHOOK", "none",
            "URL that receives all notifications as signed JSON documents"),
        .own(
            "notifyWebhookKey", "NOTIFY_WEBHOOK_KEY", "none",
            "key that signs requests to `notifyWebhook`, at least 16 bytes"),
        .own(
            "notifyWebhookKeyFile", "NOTIFY_WEBHOOK_KEY_FILE", "none", "file that contains this key"),
        .own(
            "notifyCommand", "NOTIFY_COMMAND", "none",
            "command line that receives each notification as JSON on its standard input; no shell runs it"),
        .own(
            "interruptionQueueUrl", "INTERRUPTION_QUEUE_URL", "none",
            "URL of the SQS queue that contains EC2's interruption notices"),
        .own(
            "metricsFile", "METRICS_FILE", "none",
            "file that each iteration writes for node_exporter's textfile collector; its name must end in `.prom`"
        ),
        .own(
            "auditRetention", "AUDIT_RETENTION", .duration(SettingDefaults.auditRetention),
            "time for which records of changes are kept, at least 1d; at most 256 MiB of definitions are kept with them"
        ),
        .own(
            "interval", "INTERVAL", .duration(SettingDefaults.interval),
            "time between two iterations, as cron starts them; backendStatus and the status page compare with it"
        ),
        .own(
            "trustProxy", "TRUST_PROXY", .flag(SettingDefaults.trustProxy),
            "accept the headers X-Forwarded-Host, -Port and -Proto of a proxy in signed requests"),
        .own(
            "logLevel", "LOG_LEVEL", .text(SettingDefaults.logLevel),
            "`trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`"),
        .own(
            "logFormat", "LOG_FORMAT", "text on a terminal, else json",
            "format of log lines: `text` or `json`"),
        Setting(
            key: "taskclusterRootUrl", variable: "TASKCLUSTER_ROOT_URL", standard: "required to iterate",
            meaning: "root URL of the Queue and the auth service"),
        Setting(
            key: "taskclusterClientId", variable: "TASKCLUSTER_CLIENT_ID", standard: "none",
            meaning: "client that signs requests to the Queue, and issues worker credentials"),
        Setting(
            key: "taskclusterAccessToken", variable: "TASKCLUSTER_ACCESS_TOKEN", standard: "none",
            meaning: "access token of this client"),
        Setting(
            key: "taskclusterCertificate", variable: "TASKCLUSTER_CERTIFICATE", standard: "none",
            meaning:
                "certificate of this client, if its credentials are temporary; refused by the API, because "
                + "temporary credentials cannot issue worker credentials"),
    ]

    /// The table in Markdown.
    package static var table: String {
        let rows = all.map { "| `\($0.variable)` | `\($0.key)` | \($0.meaning) | \($0.standard) |" }
        return
            (["| environment variable | in the file | meaning | default |", "| --- | --- | --- | --- |"]
            + rows)
            .joined(separator: "\n")
    }
}
