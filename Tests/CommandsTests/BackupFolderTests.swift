import Foundation
import TestSupport
import Testing

@testable import Commands

@Suite("A folder of backups")
struct BackupFolderTests {
    private let temporary: TemporaryFolder
    private let folder: BackupFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = try #require(BackupFolder(temporary.path, database: "/var/lib/p/fleet.sqlite"))
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: temporary.path).sorted()
    }

    @Test("names a copy after the database and the time")
    func name() {
        let path = folder.file(at: Date(timeIntervalSince1970: 1_795_845_123.9))
        #expect(path == temporary.file("fleet-20261128T055203Z.sqlite"))
        #expect(BackupFolder(temporary.file("none"), database: "fleet.sqlite") == nil)
    }

    @Test("keeps the newest copies, the new one and every other file")
    func expiry() throws {
        let old = (1...4).map { "fleet-2026112\($0)T021500Z.sqlite" }
        // A clock that was set back: the new copy has the oldest name.
        let new = "fleet-20261120T021500Z.sqlite"
        let others = [
            "other-20261121T021500Z.sqlite", "fleet-monday.sqlite", "fleet-20261121T021500Z.sqlite.key",
            "fleet-20261121X021500Z.sqlite", "fleet-2026112aT021500Z.sqlite", "fleet-20261121T02150Z.sqlite",
        ]
        for name in old + [new] + others { _ = try temporary.write("", to: name) }
        _ = try temporary.write("", to: old[0] + "-wal")
        let deleted = try folder.deleteOldest(keeping: 3, newest: temporary.file(new))
        #expect(deleted == [temporary.file(old[0]), temporary.file(old[1])])
        #expect(try names() == (old[2...] + [new] + others).sorted())
        #expect(try folder.deleteOldest(keeping: 3, newest: temporary.file(new)).isEmpty)
    }
}
