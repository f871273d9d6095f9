import Domain
import FoundationEssentials
public import Storage

/// What an iteration did, counted from its stored report.
public struct IterationFigures: Hashable, Sendable {
    public private(set) var launched = 0
    /// Launches that EC2 refused or did not answer.
    public private(set) var refused = 0
    public private(set) var terminated = 0
    public private(set) var cancelled = 0
    /// What went wrong, one line each.
    public private(set) var errors: [String] = []

    public init(_ record: IterationRecord) {
        guard let text = record.summary, let report = (try? JSONValue(parsing: Data(text.utf8)))?.objectValue
        else { return }
        for bid in report["bids"]?.arrayValue ?? [] {
            switch bid.objectValue?["outcome"]?.stringValue {
            case "launched": launched += 1
            case "failed", "unanswered": refused += 1
            default: break
            }
        }
        terminated = report["terminated"]?.arrayValue?.count ?? 0
        cancelled = report["cancelled"]?.arrayValue?.count ?? 0
        errors = (report["errors"]?.arrayValue ?? []).compactMap { error in
            guard let error = error.objectValue, let message = error["message"]?.stringValue else {
                return nil
            }
            let subject = error["subject"]?.stringValue ?? ""
            return subject.isEmpty || subject == "warning" ? message : "\(subject): \(message)"
        }
        // One that was ended by our own failure.
        if let error = report["error"]?.stringValue { errors.append(error) }
    }
}
