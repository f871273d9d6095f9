/// A quota of the account, with what this deployment uses of it.
package struct QuotaUse: Hashable, Codable, Sendable {
    package let quota: VCPUQuota
    /// vCPUs, with the launches of the iteration.
    package let used: Int

    package init(quota: VCPUQuota, used: Int) {
        self.quota = quota
        self.used = used
    }

    /// For example `quota Standard spot in us-east-1: 512 of 640 vCPUs`.
    package var shown: String { "quota \(quota.subject.name): \(used) of \(quota.vCPUs) vCPUs" }
}
