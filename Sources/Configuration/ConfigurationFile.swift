import Domain
import Formats
import Glibc
package import Platform
import SystemPackage

/// The configuration file, with its owner and permissions at the time when it was read.
package struct ConfigurationFile: Sendable, Equatable {
    /// The settings that are secrets.
    private static let secrets = [
        "encryptionKey", "notifyWebhookKey", "taskclusterAccessToken", "taskclusterCertificate",
    ]

    package let path: String
    package let owner: ServiceUser.Owner
    /// The permission bits.
    package let mode: UInt32
    /// Whether it contains a secret.
    package let containsSecret: Bool

    init(path: String, status: Stat, content: JSONObject) {
        self.path = path
        owner = ServiceUser.Owner(status.rawValue)
        mode = status.permissions.rawValue
        containsSecret = Self.secrets.contains { content[$0].map { $0 != .null } ?? false }
    }
}

extension Settings {
    /// Changes to the user that owns the deployment if root runs this process. Call it before the database, its key or any
    /// other file of the deployment is opened.
    ///
    /// Throws if root runs this process, and users other than the owner of the configuration file can write it.
    package func becomeServiceUser() throws(ServiceUser.Failure) {
        if geteuid() == 0, let file = configurationFile, file.mode & 0o022 != 0 {
            throw ServiceUser.Failure(
                description: "\(file.path): other users can write it, and root runs this command: "
                    + "`chmod 640` the file")
        }
        try ServiceUser.become(ownerOf: database, configuration: configurationFile?.owner)
    }
}
