import Domain
import FoundationEssentials
import Logging
import Storage

extension ProvisioningIteration {
    /// Sends the declarations that are due. Nil where declarations are switched off.
    func declare(_ workerTypes: [WorkerType], now: Date) async throws -> QueueDeclarer.Result? {
        guard let declarations else { return nil }
        return await QueueDeclarer(
            service: declarations, deployment: deployment, stored: try database.declarations.all(), now: now
        ).declare(workerTypes)
    }

    /// Stores the declarations. Failures are warnings: the iteration does not depend on them.
    func record(_ declared: QueueDeclarer.Result?, in report: inout IterationReport) throws {
        guard let declared else { return }
        try database.declarations.record(declared.records)
        if declared.isUnsupported {
            log.notice("the Queue has no methods for declarations: none are sent for a day")
        } else if let failure = declared.failure {
            report.warnings.append(
                "the Queue does not accept declarations of worker types, the next attempt follows in an hour: "
                    + "\(failure)")
        }
    }
}
