import Cryptography
package import Domain

/// The settings of the deployment that an iteration needs: names, regions, URLs, key and rules.
package struct Deployment: Sendable {
    package var ownership: Ownership
    /// The managed regions.
    package var regions: [String]
    /// Public URL of the API, for the instances' user data.
    package var baseUrl: String
    /// The Taskcluster deployment's root, for the instances' user data.
    package var rootUrl: String
    /// SSH public key of the instances, `algorithm data comment`; nil for instances without a key pair.
    package var publicKey: String?
    package var rules: ProvisioningRules
    /// The maximum duration of the reads of an iteration. Seconds.
    package var fetchTimeout: Double
    /// How long records of changes are kept. Seconds.
    package var auditRetention: Double

    package init(
        ownership: Ownership, regions: [String], baseUrl: String, rootUrl: String, publicKey: String? = nil,
        rules: ProvisioningRules = ProvisioningRules(), fetchTimeout: Double = 60,
        auditRetention: Double = Retention.changes
    ) {
        self.ownership = ownership
        self.regions = regions
        self.baseUrl = baseUrl
        self.rootUrl = rootUrl
        self.publicKey = publicKey
        self.rules = rules
        self.fetchTimeout = fetchTimeout
        self.auditRetention = auditRetention
    }

    /// The name of the key pair: the prefix and the first 7 digits of the SHA-256 of the key without its comment.
    /// A new key therefore gets a new key pair.
    package func keyName() throws -> String? {
        guard let publicKey else { return nil }
        return try KeyFingerprint.keyName(prefix: ownership.keyPrefix, publicKey: publicKey)
    }
}
