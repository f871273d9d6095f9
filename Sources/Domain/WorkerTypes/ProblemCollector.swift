/// The problems of a whole document, shared by the readers of its parts.
final class ProblemCollector {
    /// How much of a document is checked.
    enum Strictness {
        /// All rules that a new document has to satisfy.
        case complete
        /// That each required member exists and has its type. For stored documents, which an earlier version may have
        /// checked by other rules.
        case structure
    }

    private(set) var problems: [WorkerTypeProblem] = []
    let strictness: Strictness

    init(_ strictness: Strictness = .complete) { self.strictness = strictness }

    /// Whether further problems are not listed.
    var isFull: Bool { problems.count > DocumentLimits.problems }

    /// Adds a problem, up to the maximum of an error. The last problem says that there may be more.
    func note(_ kind: WorkerTypeProblem.Kind, _ path: @autoclosure () -> String, _ message: String) {
        if problems.count < DocumentLimits.problems {
            problems.append(WorkerTypeProblem(kind: kind, path: path(), message: message))
        } else if !isFull {
            problems.append(
                WorkerTypeProblem(
                    kind: kind, path: "", message: "more problems than the \(problems.count) above"))
        }
    }

    /// Adds a problem of a member of the right type, if the document is new.
    func noteValue(
        _ kind: WorkerTypeProblem.Kind, _ path: @autoclosure () -> String, _ message: String
    ) {
        if strictness == .complete { note(kind, path(), message) }
    }

    /// Throws if there is any problem.
    func check() throws(WorkerTypeProblems) {
        if !problems.isEmpty { throw WorkerTypeProblems(problems: problems) }
    }
}
