import Formats

/// The marks of this deployment's resources in an AWS account that others use as well.
///
/// They have the tags `Owner` = provisionerId and `WorkerType` = provisionerId/workerType. The name of the key pair marks
/// instances whose tags a definition replaced. Resources with neither mark are foreign and are never modified.
package struct Ownership: Hashable, Sendable {
    /// The tag keys that every resource of ours carries.
    package enum Tag {
        package static let owner = "Owner"
        package static let workerType = "WorkerType"
        /// The launch's id, which is no secret: the way back from an instance to the row that asked for it.
        package static let launchId = "LaunchId"
    }

    package let provisionerId: String
    /// The first part of the name of every key pair of ours.
    package let keyPrefix: String

    package init(provisionerId: String, keyPrefix: String) {
        self.provisionerId = provisionerId
        self.keyPrefix = keyPrefix
    }

    /// The tags that a launch puts on its instance, volumes and request.
    package func tags(workerType: String, launchId: String) -> [String: String] {
        [
            Tag.owner: provisionerId,
            Tag.workerType: "\(provisionerId)/\(workerType)",
            Tag.launchId: launchId,
            "Name": workerType,
        ]
    }

    /// The worker type that the tags name, if they are ours.
    package func workerType(of tags: [String: String]) -> String? {
        guard tags[Tag.owner] == provisionerId, let tag = tags[Tag.workerType],
            tag.hasPrefix(provisionerId + "/")
        else { return nil }
        let name = String(tag.dropFirst(provisionerId.count + 1))
        return name.isEmpty ? nil : name
    }
}
