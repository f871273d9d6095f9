import Cryptography
public import Domain

/// What an iteration knows of the deployment that it serves, beyond the rules of deciding.
public struct Deployment: Sendable {
    public var ownership: Ownership
    /// The regions that are bid in.
    public var regions: [String]
    /// Public URL of the API, for the instances' user data.
    public var baseUrl: String
    /// The Taskcluster deployment's root, for the instances' user data.
    public var rootUrl: String
    /// SSH public key of the instances, `algorithm data comment`; nil for instances without a key pair.
    public var publicKey: String?
    public var rules: ProvisioningRules
    /// How long records of changes are kept. Seconds.
    public var auditRetention: Double

    public init(
        ownership: Ownership, regions: [String], baseUrl: String, rootUrl: String, publicKey: String? = nil,
        rules: ProvisioningRules = ProvisioningRules(), auditRetention: Double = 365 * 86_400
    ) {
        self.ownership = ownership
        self.regions = regions
        self.baseUrl = baseUrl
        self.rootUrl = rootUrl
        self.publicKey = publicKey
        self.rules = rules
        self.auditRetention = auditRetention
    }

    /// The name of the key pair: the prefix, and the first 7 digits of the key's SHA-256, its comment left out, so
    /// that a new key makes a new pair.
    public func keyName() throws -> String? {
        guard let publicKey else { return nil }
        return try ownership.keyPrefix + ":" + KeyFingerprint.short(publicKey: publicKey)
    }
}
