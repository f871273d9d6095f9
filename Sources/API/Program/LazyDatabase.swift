import Configuration
import Storage
import Synchronization

/// The database, opened on first use.
final class LazyDatabase: Sendable {
    private let context: DeploymentContext
    private let opened = Mutex<ProvisionerDatabase?>(nil)

    init(_ context: DeploymentContext) { self.context = context }

    func open() throws -> ProvisionerDatabase {
        try opened.withLock { opened in
            if let opened { return opened }
            let database = try context.openDatabase(.full)
            opened = database
            return database
        }
    }
}
