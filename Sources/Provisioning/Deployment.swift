import Cryptography
package import Domain

/// What an iteration knows of the deployment that it serves, beyond the rules of deciding.
package struct Deployment: Sendable {
    package var ownership: Ownership
    /// The regions that are bid in.
    package var regions: [String]
    /// Public URL of the API, for the instances' user data.
    package var baseUrl: String
    /// The Taskcluster deployment's root, for the instances' user data.
    package var rootUrl: String
    /// SSH public key of the instances, `algorithm data comment`; nil for instances without a key pair.
    package var publicKey: String?
    package var rules: ProvisioningRules
    /// How long records of changes are kept. Seconds.
    package var auditRetention: Double

    package init(
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
    package func keyName() throws -> String? {
        guard let publicKey else { return nil }
        return try KeyFingerprint.keyName(prefix: ownership.keyPrefix, publicKey: publicKey)
    }
}
