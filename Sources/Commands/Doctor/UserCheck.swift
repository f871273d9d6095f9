import Glibc
import Platform

/// The user whose rights the other checks have.
struct UserCheck {
    /// Empty unless root started the command.
    func findings() -> [Finding] {
        guard ServiceUser.starter == 0 else { return [] }
        guard geteuid() != 0 else {
            return [
                .note(
                    "user",
                    "root: all files of the deployment belong to root; give the database to a service user (ServiceUser.md)"
                )
            ]
        }
        return [.ok("user", "root started this; every check runs as \(AccessDenial.userName(geteuid()))")]
    }
}
