import Formats
package import FoundationEssentials

/// A message about problems that began or ended.
package struct ProblemNotification: Hashable, Codable, Sendable {
    package enum Change: String, Codable, Sendable { case began, ended, test }

    /// A problem in a notification. Its text is on one line and has a limited length.
    package struct Item: Hashable, Codable, Sendable {
        package let subject: ProblemSubject
        package let text: String
        package let beganAt: Date
        /// Nil while the problem continues.
        package let endedAt: Date?

        init(_ tracked: TrackedProblem) {
            self.init(
                tracked.problem.subject, tracked.problem.text, beganAt: tracked.beganAt,
                endedAt: tracked.endedAt)
        }

        init(_ subject: ProblemSubject, _ text: String, beganAt: Date, endedAt: Date? = nil) {
            self.subject = subject
            self.text = SafeText.escaped(SafeText.cut(text, to: ProblemNotification.textLimit))
            self.beganAt = beganAt
            self.endedAt = endedAt
        }
    }

    /// Unicode scalars of a problem's text.
    static let textLimit = 500
    /// The number of problems in a notification.
    static let itemLimit = 50

    /// Identifies the notification. A recipient that gets the same id twice has got one notification twice.
    package let id: String
    package let provisionerId: String
    package let change: Change
    package let at: Date
    package let items: [Item]
    /// The number of problems above `itemLimit`.
    package let omitted: Int

    package init(
        id: String, provisionerId: String, change: Change, at: Date, problems: [TrackedProblem]
    ) {
        self.init(
            id: id, provisionerId: provisionerId, change: change, at: at,
            items: problems.prefix(Self.itemLimit).map(Item.init),
            omitted: max(0, problems.count - Self.itemLimit))
    }

    /// A notification that shows an operator that a recipient is reached.
    package init(testWithId id: String, provisionerId: String, at: Date) {
        let item = Item(.deployment, "This is a test: there is no problem.", beganAt: at)
        self.init(
            id: id, provisionerId: provisionerId, change: .test, at: at, items: [item], omitted: 0)
    }

    private init(
        id: String, provisionerId: String, change: Change, at: Date, items: [Item], omitted: Int
    ) {
        self.id = id
        self.provisionerId = provisionerId
        self.change = change
        self.at = at
        self.items = items
        self.omitted = omitted
    }

    /// The subjects of its problems, without repetitions.
    var subjects: [ProblemSubject] {
        var seen: Set<ProblemSubject> = []
        return items.map(\.subject).filter { seen.insert($0).inserted }
    }
}
