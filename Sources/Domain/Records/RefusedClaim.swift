package import FoundationEssentials

/// A refused `instanceStarted`: an instance used the security token of another instance.
package struct RefusedClaim: Hashable, Sendable {
    /// The instance that used the token.
    package let instanceId: String
    /// The instance that used the token first.
    package let owner: String
    package let workerType: String
    package let at: Date

    package init(instanceId: String, owner: String, workerType: String, at: Date) {
        self.instanceId = instanceId
        self.owner = owner
        self.workerType = workerType
        self.at = at
    }
}
