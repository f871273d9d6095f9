import Domain

extension IterationReport {
    /// The problems of this iteration, for notifications.
    ///
    /// - Parameter owners: the owner of each worker type.
    func observation(owners: [String: String]) -> ProblemObservation {
        var observation = ProblemObservation(isComplete: !stoppedEarly && !allCallsFailed)
        for decision in decisions {
            observation.problems += decision.problems.map {
                ObservedProblem($0, of: decision.workerType, owner: owners[decision.workerType] ?? "")
            }
            if decision.problems.contains(where: { $0.kind == .skipped }) {
                observation.undecided.insert(decision.workerType)
            }
        }
        for call in failures {
            switch call.subject.kind {
            // The decision without the number of pending tasks has a problem that says so.
            case .queue: continue
            case .workerType: observation.undecided.insert(call.subject.name)
            default: break
            }
            observation.problems.append(ObservedProblem(call.subject, call.failure))
        }
        observation.problems += warnings.map(ObservedProblem.init(warning:))
        return observation
    }
}
