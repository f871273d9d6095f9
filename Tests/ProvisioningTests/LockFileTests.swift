import Foundation
import TestSupport
import Testing

@testable import Provisioning

@Suite("The lock file")
struct LockFileTests {
    @Test("A link is refused, and the lock neither writes its target nor changes the owner")
    func link() throws {
        let folder = try TemporaryFolder()
        let database = try folder.write("", to: "p.sqlite")
        let victim = try folder.write("content of another user", to: "victim")
        // An earlier version changed the owner of the lock file.
        if geteuid() == 0 { chown(database, 54321, 54321) }
        for place in [symlink, Glibc.link] {
            #expect(place(victim, database + ".lock") == 0)
            #expect(throws: IterationLock.Unusable.self) {
                _ = try IterationLock(database: database, now: .start)
            }
            unlink(database + ".lock")
        }
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "content of another user")
        let owner = try FileManager.default.attributesOfItem(atPath: victim)[.ownerAccountID] as? UInt32
        #expect(owner == geteuid())
    }
}
