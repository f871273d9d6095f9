import ArgumentParser
import Configuration
import Cryptography
import FoundationEssentials
import Glibc
import Storage

/// What every command that works on a deployment takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "Path of the configuration file. Else AWS_PROVISIONER_CONFIG names it.")
    var config: String?

    @Option(help: "Path of the SQLite file. Else AWS_PROVISIONER_DATABASE names it.")
    var database: String?

    /// The settings, with those of the command line on top. Started by root, the process becomes the service user.
    func settings() throws -> Settings { try Settings.ofThisProcess(config: config, database: database) }
}

extension Settings {
    /// The settings of a command. Started by root, the process becomes the service user.
    ///
    /// - Parameters:
    ///   - config: the path of the configuration file, from the command line.
    ///   - database: the path of the database, from the command line.
    static func ofThisProcess(config: String? = nil, database: String? = nil) throws -> Settings {
        var settings = try Settings.load(path: config, environment: ProcessInfo.processInfo.environment)
        if let database { settings.database = database }
        try settings.becomeServiceUser()
        return settings
    }

    /// The key from the environment, else from its file.
    func loadEncryptionKey() throws -> EncryptionKey {
        try EncryptionKeyFile.key(base64: encryptionKey?.revealed, path: keyFile)
    }

    var keyFile: String { encryptionKeyFile ?? EncryptionKeyFile.path(forDatabase: database) }

    /// Opens the database that exists.
    func openDatabase() throws -> ProvisionerDatabase {
        guard access(database, F_OK) == 0 else { throw StorageError.missing(path: database) }
        return try ProvisionerDatabase(path: database, key: try loadEncryptionKey())
    }
}
