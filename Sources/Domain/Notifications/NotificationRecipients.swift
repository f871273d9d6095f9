package import FoundationEssentials

/// The recipients of a deployment's notifications.
package struct NotificationRecipients: Hashable, Sendable {
    /// Whether the owner of a worker type gets the notifications of its problems.
    package var includesOwners = false
    /// The recipients of all notifications.
    package var operators: [NotificationRecipient] = []

    package init(includesOwners: Bool = false, operators: [NotificationRecipient] = []) {
        self.includesOwners = includesOwners
        self.operators = operators
    }

    package var isEmpty: Bool { !includesOwners && operators.isEmpty }

    /// The notifications of changes: one for each subject, or one digest of many problems.
    ///
    /// - Parameter makeId: returns an id for a notification.
    package func deliveries(
        of changes: ProblemLedger.Changes, provisionerId: String, now: Date, makeId: () throws -> String
    ) rethrows -> [NotificationDelivery] {
        var deliveries: [NotificationDelivery] = []
        for (change, problems) in [
            (ProblemNotification.Change.began, changes.began), (.ended, changes.ended),
        ] {
            let isDigest = problems.count > ProblemLedger.digestThreshold
            for (recipient, problems) in audiences(problems) {
                for group in isDigest ? [problems] : Self.bySubject(problems) {
                    let notification = ProblemNotification(
                        id: try makeId(), provisionerId: provisionerId, change: change, at: now,
                        problems: group)
                    deliveries.append(NotificationDelivery(notification, to: recipient))
                }
            }
        }
        return deliveries
    }

    /// Each recipient with its problems.
    private func audiences(
        _ problems: [TrackedProblem]
    ) -> [(recipient: NotificationRecipient, problems: [TrackedProblem])] {
        if problems.isEmpty { return [] }
        var audiences = operators.map { (recipient: $0, problems: problems) }
        guard includesOwners else { return audiences }
        let owned = Dictionary(
            grouping: problems.filter { NotificationRecipient.isAddress($0.problem.owner) },
            by: \.problem.owner)
        for (owner, problems) in owned.sorted(by: { $0.key < $1.key }) {
            let recipient = NotificationRecipient(.email, owner)
            // An owner who is an operator gets each notification once.
            if !operators.contains(recipient) { audiences.append((recipient, problems)) }
        }
        return audiences
    }

    /// The problems of each subject, in the order of the first of each.
    private static func bySubject(_ problems: [TrackedProblem]) -> [[TrackedProblem]] {
        var order: [ProblemSubject] = []
        var groups: [ProblemSubject: [TrackedProblem]] = [:]
        for problem in problems {
            let subject = problem.problem.subject
            if groups[subject] == nil { order.append(subject) }
            groups[subject, default: []].append(problem)
        }
        return order.compactMap { groups[$0] }
    }
}
