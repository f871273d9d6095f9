import Configuration
import Formats
import FoundationEssentials
import Glibc
import Platform

/// Examines who may change and read the files of a deployment.
struct FileChecks {
    let deployment: DeploymentContext
    /// The folder of the log of iterations that cron starts.
    var logFolder = "/var/log/aws-provisioner"

    private var settings: Settings { deployment.settings }

    func findings() -> [Finding] {
        (configuration().map { [$0] } ?? [])
            + [fileSystem(), files(), owners(), logs(), baseUrl()].compactMap(\.self)
    }

    /// The configuration file and its folder. Nil when the settings come from the environment alone.
    private func configuration() -> Finding? {
        guard let file = settings.configurationFile else { return nil }
        let advice = "`chown root:aws-provisioner \(file.path)` and `chmod 640` it"
        if file.mode & 0o022 != 0 {
            return .failed(
                "configuration", "\(file.path): users other than its owner may write it: \(advice)",
                .configuration)
        }
        if let folder = Self.status(Self.folder(of: file.path)), folder.st_mode & 0o022 != 0 {
            return .failed(
                "configuration",
                "\(Self.folder(of: file.path)): users other than its owner may replace the configuration: "
                    + "`chmod 750` the folder", .configuration)
        }
        // A configuration that root read before it became the service user.
        if access(file.path, R_OK) != 0 {
            return .failed(
                "configuration",
                "\(file.path): \(AccessDenial.reason(path: file.path, code: errno)), or \(advice)",
                .noPermission)
        }
        if file.containsSecret, file.mode & 0o007 != 0 {
            return .note(
                "configuration", "\(file.path) contains a secret, and every user may read it: \(advice)")
        }
        if file.owner.user != 0 || Self.status(Self.folder(of: file.path)).map({ $0.st_uid != 0 }) ?? false {
            return .note(
                "configuration",
                "\(file.path) or its folder does not belong to root, so a user other than root may replace it: "
                    + advice)
        }
        return .ok("configuration", "\(file.path): root's")
    }

    /// The file system of the database. Nil for a local one.
    private func fileSystem() -> Finding? {
        let location = DatabaseLocation(settings)
        do {
            try location.check()
        } catch {
            return .failed("file system", "\(error)", .configuration)
        }
        return location.networkName.map {
            .note(
                "file system",
                "\(settings.database) is on a network file system (\($0)): one machine alone may use it")
        }
    }

    /// The database, SQLite's files beside it, the key, and their folders. Nil when only their users may write them.
    private func files() -> Finding? {
        let database = settings.database
        var paths = [database, database + "-wal", database + "-shm", Self.folder(of: database)]
        if settings.encryptionKey == nil {
            paths += [deployment.encryptionKeyFile, Self.folder(of: deployment.encryptionKeyFile)]
        }
        let writable = paths.filter { path in Self.status(path).map { $0.st_mode & 0o022 != 0 } ?? false }
        guard let first = writable.first else { return nil }
        return .failed(
            "permissions", "\(first): users other than its owner may write it: `chmod go-w` it",
            .configuration)
    }

    /// The owners of the database, SQLite's files beside it, and the key. Nil when they belong to the user of this process.
    private func owners() -> Finding? {
        let database = settings.database
        var paths = [database, database + "-wal", database + "-shm"]
        if settings.encryptionKey == nil { paths.append(deployment.encryptionKeyFile) }
        let user = geteuid()
        for path in paths {
            guard let owner = Self.status(path)?.st_uid, owner != user else { continue }
            let names = (AccessDenial.userName(owner), AccessDenial.userName(user))
            return .failed(
                "owners",
                "\(path) belongs to \(names.0), and \(names.1) runs this command: run it as \(names.0), or "
                    + "`chown \(names.1)` the file", .noPermission)
        }
        return nil
    }

    /// The folder of the log. Nil where there is none, and where its user alone may write it.
    func logs() -> Finding? {
        guard let status = Self.status(logFolder) else { return nil }
        if status.st_mode & 0o022 != 0 {
            return .failed(
                "log folder", "\(logFolder): users other than its owner may write it: `chmod go-w` it",
                .configuration)
        }
        guard access(logFolder, W_OK) != 0 else { return nil }
        return .note(
            "log folder",
            "\(logFolder) belongs to \(AccessDenial.userName(status.st_uid)), and "
                + "\(AccessDenial.userName(geteuid())) cannot write it: cron's iterations write no log there")
    }

    private func baseUrl() -> Finding? {
        guard let url = settings.baseUrl, url.hasPrefix("http://") else { return nil }
        return .note(
            "baseUrl", "\(url): without TLS every network between a worker and the API can read its secrets")
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
