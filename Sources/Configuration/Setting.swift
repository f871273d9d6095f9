/// One setting: its names, its default, and what it means. The README's table is made of these.
package struct Setting: Sendable {
    /// The key in the configuration file.
    package let key: String
    /// The environment variable, which wins over the file.
    package let variable: String
    package let standard: String
    package let meaning: String

    static func own(_ key: String, _ name: String, _ standard: String, _ meaning: String) -> Setting {
        Setting(key: key, variable: "AWS_PROVISIONER_" + name, standard: standard, meaning: meaning)
    }

    /// All settings, in the order of the table.
    package static let all: [Setting] = [
        .own(
            "database", "DATABASE", "/var/lib/aws-provisioner/provisioner.sqlite", "path of the SQLite file"),
        .own("provisionerId", "ID", "aws-provisioner-v1", "the provisionerId of all worker types"),
        .own(
            "baseUrl", "BASE_URL", "required to launch", "public URL of the API, for the instances' user data"
        ),
        .own(
            "regions", "REGIONS", "required to iterate",
            "managed regions, separated by commas (a list in the file)"),
        .own("keyPrefix", "KEY_PREFIX", "aws-provisioner-v1-managed:", "first part of the key pairs' names"),
        .own("publicKey", "PUBLIC_KEY", "none: no key pair", "SSH public key of the instances"),
        .own(
            "encryptionKey", "ENCRYPTION_KEY", "the key file",
            "32 bytes, base64, that secrets are sealed with"),
        .own(
            "encryptionKeyFile", "ENCRYPTION_KEY_FILE", "the database's path + .key", "the file that holds it"
        ),
        .own(
            "auth", "AUTH", "local", "`local` (clients in the database) or `taskcluster` (the auth service)"),
        .own(
            "workerScopes", "WORKER_SCOPES", "none",
            "scopes that worker credentials may carry besides the worker's identity, separated by commas (a list in the "
                + "file); `init` and `client narrow-issuer` give them to the issuer"),
        .own(
            "requirePayloadHash", "REQUIRE_PAYLOAD_HASH", "false",
            "refuse signed requests with a body and without a payload hash; the published clients send none"),
        .own(
            "utility", "UTILITY", "multiply", "`multiply` or `divide`: how the utility factor compares prices"
        ),
        .own("maxBid", "MAX_BID", "10", "USD an hour; a higher bid stops its worker type"),
        .own("maxPoolShare", "MAX_POOL_SHARE", "0.5", "largest share of new capacity in one pool"),
        .own(
            "strategy", "STRATEGY", "least-cost",
            "`least-cost`, `diversified`, `risk-adjusted`, `random-zone` or `cheapest-pool`"),
        .own(
            "strategies", "STRATEGIES", "none",
            "for worker types that have another: `build-*=diversified,signing=risk-adjusted` (an object in the file)"
        ),
        .own(
            "maxPremium", "MAX_PREMIUM", "0.2",
            "how much dearer than the least cost may be paid, by `diversified` and for another region where one is full; "
                + "0.2 is a fifth"),
        .own(
            "idlePremium", "IDLE_PREMIUM", "0.1",
            "how much dearer than its price a very large instance is compared, for slots that idle; 0.1 is a tenth"
        ),
        .own("taskTime", "TASK_TIME", "30m", "`risk-adjusted`: how long a task takes"),
        .own(
            "taskTimes", "TASK_TIMES", "none",
            "for worker types that have another: `build-*=2h,signing=5m` (an object in the file)"),
        .own("requestMode", "REQUEST_MODE", "run-instances", "`run-instances` or `request-spot-instances`"),
        .own("maxLife", "MAX_LIFE", "96h", "age at which an instance is terminated"),
        .own(
            "bootFailureLimit", "BOOT_FAILURE_LIMIT", "5",
            "launches in a row that never check in before a worker type is stopped"),
        .own(
            "terminateUnknown", "TERMINATE_UNKNOWN", "false",
            "terminate instances of worker types that the database never knew"),
        .own(
            "terminateUnclaimed", "TERMINATE_UNCLAIMED", "true",
            "terminate instances that never fetched their secret"),
        .own("deadline", "DEADLINE", "15m", "how long an iteration may take"),
        .own("callTimeout", "CALL_TIMEOUT", "30s", "how long one call to EC2 or the Queue may take"),
        .own(
            "validateLaunch", "VALIDATE_LAUNCH", "true",
            "ask EC2 for images and security groups when a worker type is stored"),
        .own("checkInUrl", "CHECK_IN_URL", "none", "fetched at the end of a successful iteration"),
        .own(
            "interruptionQueueUrl", "INTERRUPTION_QUEUE_URL", "none",
            "URL of the SQS queue with EC2's interruption notices"),
        .own(
            "metricsFile", "METRICS_FILE", "none",
            "written by each iteration, for node_exporter's textfile collector; its name ends in `.prom`"),
        .own(
            "auditRetention", "AUDIT_RETENTION", "365d",
            "how long records of changes are kept, from 1d on; at most 256 MiB of definitions are kept with them"
        ),
        .own(
            "interval", "INTERVAL", "60s",
            "how often cron starts an iteration, for backendStatus and the status page"),
        .own(
            "trustProxy", "TRUST_PROXY", "false",
            "believe a proxy's X-Forwarded-Host, -Port and -Proto in signed requests"),
        .own("logLevel", "LOG_LEVEL", "info", "trace, debug, info, notice, warning, error or critical"),
        .own("logFormat", "LOG_FORMAT", "text on a terminal, else json", "`text` or `json`"),
        Setting(
            key: "taskclusterRootUrl", variable: "TASKCLUSTER_ROOT_URL", standard: "required to iterate",
            meaning: "the Queue's and the auth service's root"),
        Setting(
            key: "taskclusterClientId", variable: "TASKCLUSTER_CLIENT_ID", standard: "none",
            meaning: "whose credentials sign requests to the Queue"),
        Setting(
            key: "taskclusterAccessToken", variable: "TASKCLUSTER_ACCESS_TOKEN", standard: "none",
            meaning: "its access token"),
        Setting(
            key: "taskclusterCertificate", variable: "TASKCLUSTER_CERTIFICATE", standard: "none",
            meaning: "its certificate, when the credentials are temporary"),
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
