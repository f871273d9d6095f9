package import FoundationEssentials

/// The certificate of worker credentials that are issued for a secret.
package struct IssuedCertificate: Hashable, Sendable {
    package let seed: String
    package let expires: Date

    package init(seed: String, expires: Date) {
        self.seed = seed
        self.expires = expires
    }
}
