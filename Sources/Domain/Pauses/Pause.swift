import Formats
package import FoundationEssentials

/// An operator's order to launch nothing new under a subject. Running instances, terminations and the cancellation of
/// requests go on.
package struct Pause: Hashable, Codable, Sendable {
    package let subject: PauseSubject
    package let since: Date
    /// Nil for a pause that only `resume` ends.
    package let until: Date?
    /// The operator who paused it.
    package let author: String
    package let reason: String?

    package init(
        _ subject: PauseSubject, since: Date, until: Date? = nil, author: String, reason: String? = nil
    ) {
        self.subject = subject
        self.since = since
        self.until = until
        self.author = author
        self.reason = reason
    }

    /// Whether the pause has not ended. Its beginning does not count: the clock that recorded it may be ahead of EC2's.
    package func isActive(at now: Date) -> Bool { until.map { now < $0 } ?? true }

    /// The code of the hold of a pause, as `explain` shows it.
    package static let code = "paused"

    /// The hold by which a decision leaves out the subject.
    package var hold: Hold {
        Hold(
            subject: subject.launches, until: until ?? .distantFuture, failures: 0, code: Self.code,
            message: circumstances, since: since)
    }

    /// The author, the beginning, the end and the reason.
    private var circumstances: String {
        "by \(author) since \(since.timestampInSeconds), \(Self.end(until))"
            + (reason.map { ": \($0)" } ?? "")
    }

    /// The pause in a sentence. The reason is a text from outside.
    package var text: String { "\(subject) is paused \(circumstances)" }

    /// The end of a pause in a sentence.
    package static func end(_ until: Date?) -> String {
        until.map { "until \($0.timestampInSeconds)" } ?? "until it is resumed"
    }
}

extension Sequence<Pause> {
    /// The pauses that together leave a worker type no pool: its own, those of all its regions, or those of all its
    /// instance types. Empty where a pool is left.
    package func preventingAllLaunches(of type: WorkerType) -> [Pause] {
        func pauses(_ kind: PauseSubject.Kind, of names: [String]) -> [Pause] {
            let pauses = filter { $0.subject.kind == kind && names.contains($0.subject.name) }
            return Set(pauses.map(\.subject.name)).isSuperset(of: names) ? pauses : []
        }
        return [
            pauses(.workerType, of: [type.name]),
            pauses(.region, of: type.definition.regions.map(\.region)),
            pauses(.instanceType, of: type.definition.instanceTypes.map(\.instanceType)),
        ].first { !$0.isEmpty } ?? []
    }
}

extension Problem {
    /// The problem of a worker type whose pools are all paused.
    init(_ pauses: [Pause]) {
        let shown = pauses.prefix(3)
        let more = pauses.count > shown.count ? "; and \(pauses.count - shown.count) more pauses" : ""
        self.init(.paused, shown.map(\.text).joined(separator: "; ") + more)
    }
}

extension Hold {
    /// Nil for the hold of a pause that only `resume` ends.
    package var endTime: Date? { until == .distantFuture ? nil : until }

    /// The end in a sentence.
    package var end: String { endTime.map { "until \($0.timestamp)" } ?? Pause.end(nil) }
}
