package import SystemPackage

/// Reads small files, such as the configuration.
package enum SmallFile {
    /// The maximum length in bytes.
    package static let limit = 16 << 20

    /// The content of a file with its owner and permissions.
    package static func read(_ path: String) throws(Errno) -> (content: [UInt8], status: Stat) {
        let file = try Errno.of { try FileDescriptor.open(path, .readOnly, options: .closeOnExec) }
        defer { try? file.close() }
        return (try file.content(limit: limit), try file.stat())
    }
}
