import CPlatform
import Glibc

/// The type of the file system of a path, as `statfs` reports it.
package struct FileSystemType: Hashable, Sendable {
    /// The magic number.
    package let number: UInt32

    package init(number: UInt32) { self.number = number }

    /// The type of the file system that contains the path; of its nearest existing folder for a path that does not
    /// exist. Nil where the system does not report it.
    package init?(ofPath path: String) {
        var path = path.isEmpty ? "." : path
        var type: UInt = 0
        while cplatform_file_system_type(path, &type) != 0 {
            guard errno == ENOENT || errno == ENOTDIR, let parent = Self.parent(of: path) else { return nil }
            path = parent
        }
        // The member is signed in some kernels, and some magic numbers use its 32nd bit.
        self.init(number: UInt32(truncatingIfNeeded: type))
    }

    /// The name of a network file system; nil for other file systems.
    ///
    /// Source of the numbers: statfs(2). NFS is also that of Amazon EFS.
    package var networkName: String? {
        switch number {
        case 0x6969: "NFS"
        case 0x517b, 0xff53_4d42, 0xfe53_4d42: "SMB"
        case 0x5346_414f, 0x6b41_4653: "AFS"
        case 0x00c3_6400: "Ceph"
        default: nil
        }
    }

    private static func parent(of path: String) -> String? {
        guard path != "/", path != "." else { return nil }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
