/// The problems that one iteration found, and the subjects that it did not examine.
package struct ProblemObservation: Hashable, Sendable {
    package var problems: [ObservedProblem] = []
    /// The worker types without a complete decision. Their problems may continue without being found.
    package var undecided: Set<String> = []
    /// Whether the iteration examined the whole deployment.
    package var isComplete: Bool

    package init(isComplete: Bool) { self.isComplete = isComplete }

    /// Whether a problem of a subject that this iteration did not find is absent.
    func examined(_ subject: ProblemSubject) -> Bool {
        isComplete && !(subject.kind == .workerType && undecided.contains(subject.name))
    }
}
