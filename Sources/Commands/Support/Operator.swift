import Domain
import Glibc
import Platform

extension Author {
    /// Who runs this command: the user who started it, and the user who became that one by sudo.
    ///
    /// - Parameter command: its name.
    static func `operator`(by command: String) -> Author {
        let user = ServiceUser.starter
        let name = getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "user \(user)"
        let sudo = getenv("SUDO_USER").map { String(cString: $0) }
        return Author(sudo.map { $0 == name ? name : "\($0) as \(name)" } ?? name, by: command)
    }
}
