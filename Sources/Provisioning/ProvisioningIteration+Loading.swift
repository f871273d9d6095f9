import Domain
import Storage

extension ProvisioningIteration {
    /// A worker type for which an iteration decides nothing. Its instances stay.
    struct SkippedWorkerType {
        let name: String
        let call: FailedCall

        init(_ name: String, code: String, message: String) {
            self.name = name
            call = FailedCall(
                .workerType, name, ServiceFailure(kind: .other, code: code, message: message))
        }
    }

    /// The worker types to decide for, and the skipped worker types, which would stop or delay the others.
    func loadWorkerTypes() throws -> (types: [WorkerType], skipped: [SkippedWorkerType]) {
        let (types, unreadable) = try database.workerTypes.readable()
        var skipped = unreadable.map {
            SkippedWorkerType(
                $0.name, code: "unreadable", message: "the stored definition cannot be read: \($0.reason)")
        }
        // An earlier version stored definitions of any size.
        let limit = DocumentLimits.pools
        let isSmall = { (type: WorkerType) in type.definition.poolCount <= limit }
        skipped += types.filter { !isSmall($0) }.map {
            SkippedWorkerType(
                $0.name, code: "tooLarge",
                message: "the definition makes \($0.definition.poolCount) pools; at most \(limit) are allowed"
            )
        }
        return (types.filter(isSmall), skipped)
    }
}
