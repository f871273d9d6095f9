import Foundation
import TestSupport
import Testing

@testable import Platform

@Suite("ServiceUser", .enabled(if: geteuid() == 0, "needs root, to become another user"))
struct ServiceUserTests {
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    @Test("is permanently the owner of the database, without root's groups and home")
    func owner() async {
        await #expect(processExitsWith: .exitCode(7)) { [folder = temporary.path as String] in
            let database = folder + "/p.sqlite"
            _ = FileManager.default.createFile(atPath: database, contents: nil)
            chown(database, 54321, 54322)
            try ServiceUser.become(ownerOf: database)
            guard getuid() == 54321, geteuid() == 54321, getgid() == 54322, getegid() == 54322 else {
                exit(1)
            }
            guard getgroups(0, nil) == 0, setuid(0) != 0, seteuid(0) != 0, setgid(0) != 0 else { exit(2) }
            guard getenv("HOME") == nil, getenv("USER") == nil, ServiceUser.starter == 0 else { exit(3) }
            exit(7)
        }
    }

    @Test("has the group, home and name of its passwd entry")
    func named() async {
        await #expect(processExitsWith: .exitCode(7)) { [folder = temporary.path as String] in
            guard let entry = getpwnam("nobody")?.pointee else { exit(1) }
            let (user, group) = (entry.pw_uid, entry.pw_gid)
            let home = entry.pw_dir.map { String(cString: $0) }
            chown(folder, user, 54322)
            try ServiceUser.become(ownerOf: folder + "/missing.sqlite")
            guard getuid() == user, getgid() == group else { exit(2) }
            guard getenv("HOME").map({ String(cString: $0) }) == home else { exit(3) }
            exit(getenv("USER").map { String(cString: $0) } == "nobody" ? 7 : 4)
        }
    }

    @Test("is the owner of a link instead of its target, or of the folder when root owns the database")
    func links() async {
        await #expect(processExitsWith: .exitCode(7)) { [folder = temporary.path as String] in
            _ = FileManager.default.createFile(atPath: folder + "/roots", contents: nil)
            symlink(folder + "/roots", folder + "/p.sqlite")
            lchown(folder + "/p.sqlite", 54321, 54321)
            try ServiceUser.become(ownerOf: folder + "/p.sqlite")
            exit(getuid() == 54321 ? 7 : 1)
        }
        await #expect(processExitsWith: .exitCode(7)) { [folder = temporary.path as String] in
            _ = FileManager.default.createFile(atPath: folder + "/p.sqlite", contents: nil)
            chown(folder, 54321, 54321)
            try ServiceUser.become(ownerOf: folder + "/p.sqlite")
            exit(getuid() == 54321 ? 7 : 1)
        }
    }

    @Test("is the owner of the configuration that names the database")
    func configuration() async {
        await #expect(processExitsWith: .exitCode(7)) { [folder = temporary.path as String] in
            var status = stat()
            (status.st_uid, status.st_gid) = (54321, 54321)
            try ServiceUser.become(
                ownerOf: folder + "/p.sqlite", configuration: ServiceUser.Owner(status))
            exit(getuid() == 54321 ? 7 : 1)
        }
    }

    @Test("is root when root owns all files")
    func root() async {
        await #expect(processExitsWith: .exitCode(7)) { [folder = temporary.path as String] in
            let home = getenv("HOME").map { String(cString: $0) }
            try ServiceUser.become(ownerOf: folder + "/p.sqlite")
            exit(getuid() == 0 && getenv("HOME").map { String(cString: $0) } == home ? 7 : 1)
        }
    }
}
