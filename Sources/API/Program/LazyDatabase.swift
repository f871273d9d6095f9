import Configuration
import Cryptography
import Storage
import Synchronization

/// The database, opened when it is first needed.
final class LazyDatabase: Sendable {
    private let settings: Settings
    private let opened = Mutex<ProvisionerDatabase?>(nil)

    init(_ settings: Settings) { self.settings = settings }

    func open() throws -> ProvisionerDatabase {
        try opened.withLock { opened in
            if let opened { return opened }
            let key = try EncryptionKeyFile.key(
                base64: settings.encryptionKey?.revealed,
                path: settings.encryptionKeyFile ?? EncryptionKeyFile.path(forDatabase: settings.database))
            let database = try ProvisionerDatabase(path: settings.database, key: key)
            opened = database
            return database
        }
    }
}
