package import FoundationEssentials

/// The open problems of a deployment, and the problems that were announced in the last hour.
///
/// A problem begins with its first observation. It ends after it was absent for some time, so that a problem that comes
/// and goes in each iteration begins and ends once.
package struct ProblemLedger: Hashable, Sendable {
    /// The time without an observation after which a problem has ended. Seconds. Some warnings result from work that an
    /// iteration repeats after an hour.
    private static func absence(_ kind: ObservedProblem.Kind) -> TimeInterval {
        kind == .warning ? 3900 : 300
    }
    /// Problems above this number that begin or end in one iteration are announced by one digest.
    package static let digestThreshold = 10
    /// The period of the limits. Seconds.
    static let period: TimeInterval = 3600
    /// The notifications of beginnings for one subject in a period.
    package static let subjectLimit = 4
    /// The notifications of beginnings in a period.
    package static let totalLimit = 30

    /// The problems to announce.
    package struct Changes: Hashable, Sendable {
        package var began: [TrackedProblem] = []
        package var ended: [TrackedProblem] = []

        package init(began: [TrackedProblem] = [], ended: [TrackedProblem] = []) {
            self.began = began
            self.ended = ended
        }
    }

    package private(set) var problems: [TrackedProblem]

    package init(_ problems: [TrackedProblem] = []) { self.problems = problems }

    /// Adds the observation of one iteration.
    ///
    /// - Returns: the beginnings within the limits, and the ends of announced problems. A problem above the limits is
    ///   announced by a later iteration, unless it has ended.
    package mutating func add(_ observation: ProblemObservation, now: Date) -> Changes {
        var new: [ObservedProblem.Identity: ObservedProblem] = [:]
        var order: [ObservedProblem.Identity] = []
        for problem in observation.problems where new[problem.identity] == nil {
            new[problem.identity] = problem
            order.append(problem.identity)
        }
        var changes = Changes()
        for index in problems.indices where problems[index].endedAt == nil {
            if new.removeValue(forKey: problems[index].problem.identity) != nil {
                problems[index].absentSince = nil
            } else if observation.examined(problems[index].problem.subject) {
                let since = problems[index].absentSince ?? now
                problems[index].absentSince = since
                let absence = Self.absence(problems[index].problem.identity.kind)
                guard now.timeIntervalSince(since) >= absence else { continue }
                problems[index].endedAt = now
                if problems[index].announcedAt != nil { changes.ended.append(problems[index]) }
            }
        }
        problems += order.compactMap { new[$0] }.map { TrackedProblem($0, beganAt: now) }
        changes.began = announce(now: now)
        problems.removeAll { problem in
            problem.endedAt != nil && !Self.isRecent(problem.announcedAt, now: now)
        }
        return changes
    }

    /// Marks the beginnings that the limits admit, and returns them.
    private mutating func announce(now: Date) -> [TrackedProblem] {
        let announced = Dictionary(
            grouping: problems.filter { Self.isRecent($0.announcedAt, now: now) }, by: \.announcedAt)
        var total = 0
        var bySubject: [ProblemSubject: Int] = [:]
        for group in announced.values {
            let subjects = Set(group.map(\.problem.subject))
            total += group.count > Self.digestThreshold ? 1 : subjects.count
            for subject in subjects { bySubject[subject, default: 0] += 1 }
        }
        let isWaiting = { (problem: TrackedProblem) in
            // A problem that is absent may have ended: it is announced only if it is found again.
            problem.announcedAt == nil && problem.endedAt == nil && problem.absentSince == nil
                && bySubject[problem.problem.subject, default: 0] < Self.subjectLimit
        }
        let waiting = problems.filter(isWaiting)
        var subjects: Set<ProblemSubject> = []
        for problem in waiting {
            let isAdmitted =
                waiting.count > Self.digestThreshold
                ? total < Self.totalLimit : total + subjects.count < Self.totalLimit
            if isAdmitted { subjects.insert(problem.problem.subject) }
        }
        var began: [TrackedProblem] = []
        for index in problems.indices
        where isWaiting(problems[index]) && subjects.contains(problems[index].problem.subject) {
            problems[index].announcedAt = now
            began.append(problems[index])
        }
        return began
    }

    /// Whether a time is in the current period. A time in the future, before a step of the clock, is not.
    private static func isRecent(_ time: Date?, now: Date) -> Bool {
        time.map { $0 <= now && now.timeIntervalSince($0) < Self.period } ?? false
    }
}
