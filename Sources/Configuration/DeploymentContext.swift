import AWS
package import Cryptography
package import Domain
import EC2
import FoundationEssentials
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
        /// Read everything. Needs the encryption key, and opens the file for reading.
        case readSecrets
        /// Read and write everything. Needs the encryption key.
        case full
        /// As `full`, and bring an older schema up to date after a copy of the database was made.
        case migrating
    }

    package let settings: Settings
    let environment: [String: String]

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

    /// Opens the database, which must exist and be of the same provisionerId.
    package func openDatabase(_ access: Access) throws -> ProvisionerDatabase {
        let path = settings.database
        // A missing database is reported as such, and not as a missing key.
        try DatabaseFile.check(path)
        let database =
            switch access {
            case .readOnly: try ProvisionerDatabase(path: path, key: nil, readOnly: true)
            case .readSecrets: try ProvisionerDatabase(path: path, key: try keyOfDatabase(), readOnly: true)
            case .full:
                try ProvisionerDatabase(path: path, key: try keyOfDatabase(), schemaUpdate: .refused)
            case .migrating:
                try ProvisionerDatabase(path: path, key: try keyOfDatabase(), schemaUpdate: .appliedAfterCopy)
            }
        try requireSameProvisionerId(database.provisionerId())
        return database
    }

    /// The encryption key. The file of another program is reported as such, and not as a missing key.
    private func keyOfDatabase() throws -> EncryptionKey {
        do {
            return try encryptionKey()
        } catch {
            try DatabaseFile.checkKind(settings.database)
            throw error
        }
    }

    /// Throws if a database is of another provisionerId: with it, a second fleet would be started beside the first.
    ///
    /// - Parameter stored: the provisionerId of the database; nil in a database of an earlier version.
    package func requireSameProvisionerId(_ stored: String?) throws(Settings.Problems) {
        guard let stored, stored != settings.provisionerId else { return }
        throw Settings.Problems(problems: [
            SettingsReader.name(of: "provisionerId") + " is \(settings.provisionerId), and the database "
                + "\(settings.database) is of \(stored): correct the setting, or change the database with "
                + "`aws-provisioner init --adopt-provisioner-id`"
        ])
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
