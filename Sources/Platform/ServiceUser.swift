import CPlatform
package import Glibc

/// The user that owns a deployment's files.
///
/// A program that root starts becomes this user before it opens the database, the key, the lock or any other file of the
/// deployment, so that a file that the service user planted cannot use root's rights.
package enum ServiceUser {
    /// The process could not become the service user.
    package struct Failure: Error, CustomStringConvertible, Sendable {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// The owner of a file.
    package struct Owner: Sendable, Hashable {
        package let user: uid_t
        package let group: gid_t

        package init(_ status: stat) { (user, group) = (status.st_uid, status.st_gid) }
    }

    /// The user that started this process, also after `become`.
    package static let starter = getuid()

    /// Becomes the service user when root runs this process; does nothing otherwise.
    ///
    /// The service user is the first of these that is not root: the owner of the configuration file, of the database, of
    /// the database's folder. A process whose files all belong to root stays root.
    ///
    /// - Parameter configuration: the owner of the configuration file; nil when there is none.
    package static func become(ownerOf database: String, configuration: Owner? = nil) throws(Failure) {
        guard geteuid() == 0 else { return }
        _ = starter
        guard let owner = owner(ofDatabase: database, configuration: configuration) else { return }
        let account = Account(owner.user)
        let group = account?.group ?? owner.group
        let groups = account.map { initgroups($0.name, group) } ?? setgroups(0, nil)
        guard groups == 0, setgid(group) == 0, setuid(owner.user) == 0 else {
            throw Failure(
                description: "cannot become user \(owner.user), who owns the deployment: "
                    + String(cString: strerror(errno)))
        }
        // A user other than root cannot become root again.
        guard getuid() == owner.user, geteuid() == owner.user, getegid() == group, setuid(0) != 0 else {
            throw Failure(description: "user \(owner.user) keeps rights of root")
        }
        // A change of the user makes the process as dumpable as the system's default says.
        guard cplatform_prevent_dump() == 0 else {
            throw Failure(description: "core dumps cannot be prevented: " + String(cString: strerror(errno)))
        }
        // Credentials and the editor's files are found through these variables.
        set("HOME", account?.home)
        set("USER", account?.name)
        set("LOGNAME", account?.name)
    }

    private static func set(_ variable: String, _ value: String?) {
        if let value { setenv(variable, value, 1) } else { unsetenv(variable) }
    }

    /// A user's entry in the list of users.
    private struct Account {
        let name: String
        let group: gid_t
        let home: String

        /// Nil when the user is a number without an entry.
        init?(_ user: uid_t) {
            guard let entry = getpwuid(user)?.pointee, let name = entry.pw_name, let home = entry.pw_dir
            else { return nil }
            (self.name, group, self.home) = (String(cString: name), entry.pw_gid, String(cString: home))
        }
    }

    private static func owner(ofDatabase path: String, configuration: Owner?) -> Owner? {
        if let configuration, configuration.user != 0 { return configuration }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        // A link counts as its own owner's: that user chose where it leads.
        for look in [{ lstat(path, &status) }, { lstat(folder, &status) }, { stat(folder, &status) }]
        where look() == 0 && status.st_uid != 0 {
            return Owner(status)
        }
        return nil
    }
}
