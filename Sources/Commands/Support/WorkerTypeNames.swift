import Domain
import Formats
import Platform
import Storage

extension ProvisionerDatabase {
    /// The worker type of this name; a failure with a message for people when there is none.
    func workerType(_ name: String) throws -> WorkerType {
        guard let type = try workerTypes.get(name) else { throw noWorkerType(name) }
        return type
    }

    /// The failure for the name of a worker type that does not exist, with the most similar name.
    func noWorkerType(_ name: String) -> CommandFailure {
        let names = (try? workerTypes.names()) ?? []
        return CommandFailure(
            .noInput, "there is no worker type \(name)" + NearestName.hint(name, among: names))
    }

    /// Throws for a name that no present or removed worker type has.
    func requireWorkerType(_ name: String) throws {
        guard try workerTypes.names().contains(name) || workerTypes.removed().contains(name) else {
            throw noWorkerType(name)
        }
    }

    /// Throws where no worker type has the name now.
    func requireExistingWorkerType(_ name: String) throws {
        guard try workerTypes.names().contains(name) else { throw noWorkerType(name) }
    }
}
