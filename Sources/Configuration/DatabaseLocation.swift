package import Platform

/// The file system of the database.
///
/// The write-ahead log of SQLite needs shared memory, and the lock of an iteration needs `flock`. Neither works between
/// the clients of a network file system: two iterations would run at the same time, and damage the database.
package struct DatabaseLocation: Sendable {
    private let path: String
    private let allowsNetwork: Bool
    private let type: @Sendable (String) -> FileSystemType?

    /// - Parameter type: the type of the file system of a path.
    package init(
        _ settings: Settings,
        type: @escaping @Sendable (String) -> FileSystemType? = { FileSystemType(ofPath: $0) }
    ) {
        path = settings.database
        allowsNetwork = settings.allowNetworkFileSystem
        self.type = type
    }

    /// The name of the network file system of the database; nil on a local one.
    package var networkName: String? { type(path)?.networkName }

    /// Throws if the database is on a network file system, unless the settings allow that.
    package func check() throws(Settings.Problems) {
        guard !allowsNetwork, let name = networkName else { return }
        throw Settings.Problems(problems: [
            "\(path) is on a network file system (\(name)), where the locks of SQLite and of iterations do not work: move "
                + "the database to a local disk, or set allowNetworkFileSystem if one machine alone uses it"
        ])
    }
}
