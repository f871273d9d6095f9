/// What a decision takes into account about the demand of a worker type, beside its pending tasks.
package struct DemandInput: Hashable, Sendable {
    /// The number of intervals whose demand is bought in advance.
    package var anticipation: Double
    /// The demand of earlier iterations.
    package var record: DemandRecord

    /// The free slots to keep; nil for none.
    package var headroom: Headroom?
    /// The tasks that workers have claimed; nil where the Queue does not report them.
    package var claimedTasks: Int?

    package init(
        anticipation: Double = 0, record: DemandRecord = DemandRecord(), headroom: Headroom? = nil,
        claimedTasks: Int? = nil
    ) {
        self.anticipation = anticipation
        self.record = record
        self.headroom = headroom
        self.claimedTasks = claimedTasks
    }
}

extension ProvisioningRules {
    /// The input of a worker type.
    ///
    /// - Parameter record: the demand of earlier iterations; nil where there is none.
    func demandInput(of workerType: String, record: DemandRecord?, claimedTasks: Int?) -> DemandInput {
        DemandInput(
            anticipation: anticipation(of: workerType), record: record ?? DemandRecord(),
            headroom: headrooms[workerType], claimedTasks: claimedTasks)
    }
}
