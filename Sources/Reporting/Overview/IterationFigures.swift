import Domain
import Formats
import FoundationEssentials
package import Storage

/// What an iteration did, counted from its stored report.
package struct IterationFigures: Hashable, Sendable {
    package private(set) var launched = 0
    /// Launches that EC2 refused or did not answer.
    package private(set) var refused = 0
    package private(set) var terminated = 0
    package private(set) var cancelled = 0
    /// What went wrong, one line each.
    package private(set) var errors: [String] = []

    package init(_ record: IterationRecord) {
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
