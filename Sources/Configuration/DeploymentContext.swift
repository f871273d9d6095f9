import AWS
package import Cryptography
package import Domain
import EC2
import FoundationEssentials
import Glibc
package import HTTPTransport
package import Storage
package import Taskcluster

/// The composition root: creates the database, the keys and the clients of services from the settings.
///
/// Each part is created when a program asks for it, so that a program reads only the files and secrets that it needs.
package struct DeploymentContext: Sendable {
    /// The access of a program to the database.
    package enum Access: Sendable {
        /// Read everything except secrets. Needs no encryption key, and opens the file for reading.
        case readOnly
        /// Read and write everything. Needs the encryption key.
        case full
    }

    package let settings: Settings
    private let environment: [String: String]

    package init(_ settings: Settings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    package var ownership: Ownership {
        Ownership(provisionerId: settings.provisionerId, keyPrefix: settings.keyPrefix)
    }

    /// The settings that decide whether EC2 accepts a definition.
    package var launchSettings: LaunchSettings {
        LaunchSettings(
            requestMode: settings.rules.requestMode, ownership: ownership, baseUrl: settings.baseUrl ?? "",
            rootUrl: settings.taskclusterRootUrl ?? "")
    }

    /// The name of the EC2 key pair of instances; nil without a public key.
    package func keyName() throws(CryptographyError) -> String? {
        guard let publicKey = settings.publicKey else { return nil }
        return try KeyFingerprint.keyName(prefix: settings.keyPrefix, publicKey: publicKey)
    }

    // MARK: Database

    /// The path of the file with the encryption key, which the setting `encryptionKey` replaces.
    package var encryptionKeyFile: String {
        settings.encryptionKeyFile ?? EncryptionKeyFile.path(forDatabase: settings.database)
    }

    /// The encryption key from the settings, else from its file.
    package func encryptionKey() throws -> EncryptionKey {
        try EncryptionKeyFile.key(base64: settings.encryptionKey?.revealed, path: encryptionKeyFile)
    }

    /// Opens the database, which must exist.
    package func openDatabase(_ access: Access) throws -> ProvisionerDatabase {
        // A missing database is reported as such, and not as a missing key.
        guard Glibc.access(settings.database, F_OK) == 0 else {
            throw StorageError.missing(path: settings.database)
        }
        return switch access {
        case .readOnly: try ProvisionerDatabase(path: settings.database, key: nil, readOnly: true)
        case .full: try ProvisionerDatabase(path: settings.database, key: try encryptionKey())
        }
    }

    // MARK: Services

    /// The credentials of Taskcluster; nil when the settings contain none.
    package func taskclusterCredentials() throws(Settings.Problems) -> TaskclusterCredentials? {
        guard let clientId = settings.taskclusterClientId, let token = settings.taskclusterAccessToken else {
            return nil
        }
        do {
            return try TaskclusterCredentials(
                clientId: clientId, accessToken: token.revealed,
                certificate: settings.taskclusterCertificate?.revealed)
        } catch {
            throw Settings.Problems(problems: ["\(error)"])
        }
    }

    /// The clients of AWS. All calls share the retry budget and the connections of `caller`.
    package func aws(_ caller: ServiceCaller) -> AWSClients {
        AWSClients(settings: settings, environment: environment, caller: caller)
    }

    /// A client of the Queue that shares the retry budget and the connections of `caller`.
    package func queue(_ caller: ServiceCaller) throws(Settings.Problems) -> QueueClient {
        guard let rootUrl = settings.taskclusterRootUrl else {
            throw Settings.Problems(problems: [SettingsReader.name(of: "taskclusterRootUrl") + " is required"]
            )
        }
        return QueueClient(caller: caller, rootUrl: rootUrl, credentials: try taskclusterCredentials())
    }

    /// An HTTP client for interactive work. All calls together have the timeout of one call.
    package func interactiveHTTPClient() -> HTTPClient {
        HTTPClient(
            deadline: Date().addingTimeInterval(settings.callTimeout), timeout: settings.callTimeout)
    }
}
