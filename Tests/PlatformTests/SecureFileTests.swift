import Foundation
import TestSupport
import Testing

@testable import Platform

@Suite("SecureFile")
struct SecureFileTests {
    private let folder: TemporaryFolder
    private let secret: String

    init() throws {
        folder = try TemporaryFolder()
        secret = try folder.write("a secret", to: "secret")
        chmod(secret, 0o600)
    }

    private func content(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    private func failure(_ work: () throws(SecureFile.Failure) -> Void) -> SecureFile.Failure? {
        do {
            try work()
            return nil
        } catch {
            return error
        }
    }

    @Test("refuses a symbolic link with or without a target")
    func symbolicLinks() throws {
        for target in [secret, folder.file("missing")] {
            let link = folder.file("link-to-" + URL(filePath: target).lastPathComponent)
            symlink(target, link)
            for access in [SecureFile.Access.reading, .writing] {
                let failure = failure { () throws(SecureFile.Failure) in
                    _ = try SecureFile.open(existing: link, for: access)
                }
                #expect(failure?.reason == "is a symbolic link: remove it")
            }
            #expect(
                failure { () throws(SecureFile.Failure) in _ = try SecureFile.openOrCreate(link) } != nil)
            #expect(
                failure { () throws(SecureFile.Failure) in _ = try SecureFile.create(link) }?.code == EEXIST)
        }
        #expect(try content(secret) == "a secret")
        #expect(!FileManager.default.fileExists(atPath: folder.file("missing")))
    }

    @Test("refuses a hard link, a folder, a FIFO and a device")
    func otherKinds() {
        let hard = folder.file("hard")
        link(secret, hard)
        mkfifo(folder.file("fifo"), 0o600)
        for (path, reason) in [
            (hard, "has 2 hard links: replace it by a copy"), (folder.path, "is not a regular file"),
            (folder.file("fifo"), "is not a regular file"), ("/dev/null", "is not a regular file"),
        ] {
            let failure = failure { () throws(SecureFile.Failure) in
                _ = try SecureFile.open(existing: path, for: .reading)
            }
            #expect(failure?.reason == reason, "\(path)")
        }
    }

    @Test("refuses a file of another user", .enabled(if: geteuid() == 0, "needs root, to make such a file"))
    func otherOwner() {
        chown(secret, 54321, 54321)
        let failure = failure { () throws(SecureFile.Failure) in
            _ = try SecureFile.open(existing: secret, for: .writing)
        }
        #expect(failure?.reason.hasPrefix("belongs to user 54321") == true)
    }

    @Test("reads a private file, and refuses a file that other users can access or that is too long")
    func privateFiles() throws {
        #expect(try SecureFile.readPrivate(secret) == Array("a secret".utf8))
        #expect(try SecureFile.readPrivate(secret, limit: 8).count == 8)
        #expect(
            failure { () throws(SecureFile.Failure) in _ = try SecureFile.readPrivate(secret, limit: 7) }
                != nil)
        for mode: mode_t in [0o640, 0o604, 0o620] {
            chmod(secret, mode)
            #expect(
                failure { () throws(SecureFile.Failure) in _ = try SecureFile.readPrivate(secret) } != nil)
        }
    }

    @Test("replaces a file with the requested permissions, and a link without a change of its target")
    func replacing() throws {
        let path = folder.file("metrics.prom")
        let mask = umask(0o077)
        defer { umask(mask) }
        symlink(secret, path)
        for text in ["first", "second"] {
            try SecureFile.replace(path, with: Array(text.utf8), mode: 0o644)
            #expect(try content(path) == text)
        }
        #expect(try content(secret) == "a secret")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.type] as? FileAttributeType == .typeRegular)
        #expect(attributes[.posixPermissions] as? Int == 0o644)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "metrics.prom", "secret",
            ], "no draft is left")
        let refused = failure { () throws(SecureFile.Failure) in
            try SecureFile.replace("/nowhere/file", with: [])
        }
        #expect(refused?.path == "/nowhere/file" && refused?.code == ENOENT)
    }
}
