import Domain
import FoundationEssentials

/// The default values of settings. `Settings` takes them, and `Setting` documents them.
enum SettingDefaults {
    static let database = "/var/lib/aws-provisioner/provisioner.sqlite"
    static let provisionerId = "aws-provisioner-v1"
    static let keyPrefix = "aws-provisioner-v1-managed:"
    static let auth = Settings.Auth.local
    static let allowNetworkFileSystem = false
    static let requirePayloadHash = false
    static let rules = ProvisioningRules()
    /// Seconds.
    static let deadline: TimeInterval = 15 * 60
    /// Seconds.
    static let callTimeout: TimeInterval = 30
    /// 1,000 calls that take 100 ms each then take 3 s.
    static let queueConcurrency = 32
    /// Seconds.
    static let fetchTimeout: TimeInterval = 60
    static let validateLaunch = true
    static let readQuotas = true
    static let declareWorkerTypes = true
    static let notifyOwners = false
    /// Seconds.
    static let auditRetention = Retention.changes
    /// Seconds.
    static let interval: TimeInterval = 60
    static let trustProxy = false
    static let logLevel = "info"

    /// A default value, with the text that a setting of this type accepts.
    enum Value {
        case text(String)
        case flag(Bool)
        case number(Double)
        /// Seconds.
        case duration(TimeInterval)

        var text: String {
            switch self {
            case .text(let text): text
            case .flag(let flag): "\(flag)"
            case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
            case .duration(let seconds): Self.text(seconds)
            }
        }

        /// Whole days above 4 days, hours above 1 hour, minutes above 1 minute, else seconds.
        private static func text(_ seconds: TimeInterval) -> String {
            let units = [(86_400.0, "d", 5.0), (3600, "h", 2), (60, "m", 2)]
            for (length, unit, least) in units {
                if let count = Int(exactly: seconds / length), Double(count) >= least {
                    return "\(count)\(unit)"
                }
            }
            return "\(Int(exactly: seconds).map { "\($0)" } ?? "\(seconds)")s"
        }
    }
}
