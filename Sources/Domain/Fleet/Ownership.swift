import Formats

/// The rule that identifies the resources of this deployment in an AWS account.
///
/// They have the tags `Owner` = provisionerId and `WorkerType` = provisionerId/workerType. The name of the key pair
/// identifies instances whose tags a worker type overrides. Resources with neither are foreign and are never modified.
package struct Ownership: Hashable, Sendable {
    /// The tag keys of every resource of this deployment.
    package enum Tag {
        package static let owner = "Owner"
        package static let workerType = "WorkerType"
        /// The id of the launch, which is not a secret.
        package static let launchId = "LaunchId"
        /// The name of the worker type, which the EC2 console shows.
        package static let name = "Name"

        package static let all = [owner, workerType, launchId, name]
    }

    package let provisionerId: String
    /// The prefix of the names of key pairs of this deployment.
    package let keyPrefix: String

    package init(provisionerId: String, keyPrefix: String) {
        self.provisionerId = provisionerId
        self.keyPrefix = keyPrefix
    }

    /// The tags of the instance, volumes and request of a launch.
    package func tags(workerType: String, launchId: String) -> [String: String] {
        [
            Tag.owner: provisionerId,
            Tag.workerType: "\(provisionerId)/\(workerType)",
            Tag.launchId: launchId,
            Tag.name: workerType,
        ]
    }

    /// The worker type in the tags; nil for tags of foreign resources.
    package func workerType(of tags: [String: String]) -> String? {
        guard tags[Tag.owner] == provisionerId, let tag = tags[Tag.workerType],
            tag.hasPrefix(provisionerId + "/")
        else { return nil }
        let name = String(tag.dropFirst(provisionerId.count + 1))
        return name.isEmpty ? nil : name
    }
}
