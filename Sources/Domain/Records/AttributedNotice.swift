/// A notice about an instance of this deployment, with its worker type and pool.
package struct AttributedNotice: Hashable, Sendable {
    package let notice: InterruptionNotice
    package let workerType: String
    package let pool: Pool

    package init(notice: InterruptionNotice, workerType: String, pool: Pool) {
        self.notice = notice
        self.workerType = workerType
        self.pool = pool
    }
}
