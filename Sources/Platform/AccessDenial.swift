package import Glibc

/// Explanations of a denied access to a file.
package enum AccessDenial {
    /// The reason why this process cannot open a file, for messages: the error, and for a missing permission the file
    /// or folder that denies the access, its owner and mode, and the user of this process.
    ///
    /// - Parameter code: the error number of the system.
    package static func reason(path: String, code: Int32) -> String {
        let error = String(cString: strerror(code))
        guard code == EACCES || code == EPERM else { return error }
        let place = denyingPath(path)
        var status = stat()
        guard stat(place, &status) == 0 else { return error }
        let mode = String(status.st_mode & 0o7777, radix: 8)
        let owner = userName(status.st_uid)
        return
            "\(error): \(place) belongs to \(owner) (mode \(mode)), and \(userName(geteuid())) runs this command: "
            + "run it as \(owner)"
    }

    /// The name of a user, or the number of a user without a name.
    package static func userName(_ user: uid_t) -> String {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "user \(user)"
    }

    /// The first folder of the path that this process cannot search; else the file, or the folder of a missing file.
    private static func denyingPath(_ path: String) -> String {
        var folder = path.hasPrefix("/") ? "/" : "."
        for part in path.split(separator: "/").dropLast() {
            if access(folder, X_OK) != 0 { return folder }
            folder = folder == "/" ? "/\(part)" : "\(folder)/\(part)"
        }
        return access(folder, X_OK) != 0 || access(path, F_OK) != 0 ? folder : path
    }
}
