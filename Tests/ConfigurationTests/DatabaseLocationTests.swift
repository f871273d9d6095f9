import Configuration
import Platform
import Testing

@Suite("The file system of the database")
struct DatabaseLocationTests {
    private func problem(_ number: UInt32, allowed: String = "false") throws -> String? {
        let settings = try Settings(
            file: [:],
            environment: [
                "AWS_PROVISIONER_DATABASE": "/data/p.sqlite",
                "AWS_PROVISIONER_ALLOW_NETWORK_FILE_SYSTEM": allowed,
            ])
        let location = DatabaseLocation(settings) { path in
            path == "/data/p.sqlite" ? FileSystemType(number: number) : nil
        }
        do {
            try location.check()
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "must not be a network file system, unless the settings allow it",
        arguments: [
            (0x6969, "NFS"), (0x517b, "SMB"), (0xff53_4d42, "SMB"), (0xfe53_4d42, "SMB"),
            (0x5346_414f, "AFS"),
            (0x00c3_6400, "Ceph"),
        ] as [(UInt32, String)])
    func network(number: UInt32, name: String) throws {
        let text = try #require(try problem(number))
        #expect(text.hasPrefix("/data/p.sqlite is on a network file system (\(name))"))
        #expect(text.contains("allowNetworkFileSystem"))
        #expect(try problem(number, allowed: "true") == nil)
    }

    @Test("may be a local one: ext4, XFS, Btrfs, tmpfs, overlayfs, ZFS")
    func local() throws {
        for number: UInt32 in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0x2fc1_2fc1] {
            #expect(try problem(number) == nil)
        }
    }

    @Test("is that of the nearest existing folder")
    func nearest() {
        #expect(FileSystemType(ofPath: "/proc/none/none") == FileSystemType(ofPath: "/proc"))
        #expect(FileSystemType(ofPath: "/proc")?.number == 0x9fa0)
        #expect(FileSystemType(ofPath: "none/none") == FileSystemType(ofPath: "."))
        #expect(FileSystemType(ofPath: "") == FileSystemType(ofPath: "."))
    }
}
