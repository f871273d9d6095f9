import Configuration
import Domain
import Formats
import Platform

/// What one look at one part of the deployment found.
struct Finding: Sendable {
    enum State: String, Sendable {
        case ok
        case failed
        /// Nothing is wrong, and something is to be known.
        case note
    }

    /// What was looked at: `settings`, `region us-east-1` and so on.
    let subject: String
    let state: State
    let detail: String
    /// How the command ends when this failed.
    let exit: SystemExit

    static func ok(_ subject: String, _ detail: String) -> Finding {
        Finding(subject: subject, state: .ok, detail: detail, exit: .software)
    }

    static func note(_ subject: String, _ detail: String) -> Finding {
        Finding(subject: subject, state: .note, detail: detail, exit: .software)
    }

    static func failed(_ subject: String, _ detail: String, _ exit: SystemExit) -> Finding {
        // One line each, whatever an error has to say.
        let line = detail.split(whereSeparator: \.isNewline).joined(separator: "; ")
        return Finding(subject: subject, state: .failed, detail: line, exit: exit)
    }
}

/// All findings.
struct DoctorReport {
    var findings: [Finding] = []

    /// The findings, each reason once: a later check that failed for the reason of an earlier one refers to it.
    private var shownFindings: [Finding] {
        var seen: [(subject: String, detail: String)] = []
        return findings.map { finding in
            guard finding.state == .failed else { return finding }
            // The first check of the settings names every missing setting.
            let missing = finding.detail.split(separator: " is not set").first.map { "\($0) (" }
            if let earlier = seen.first(where: { earlier in
                finding.detail.hasSuffix(earlier.detail)
                    || finding.detail.hasSuffix(" is not set")
                        && missing.map(earlier.detail.contains) ?? false
            }) {
                return .failed(finding.subject, "see \(earlier.subject)", finding.exit)
            }
            seen.append((finding.subject, finding.detail))
            return finding
        }
    }

    /// The exit code of the first that failed: what stands first is what the others need.
    var exit: SystemExit? { findings.first { $0.state == .failed }?.exit }

    func lines(width: Int? = Terminal.width) -> [TerminalText] {
        var table = TextTable("check", "state", .init("", .wrapped))
        for finding in shownFindings { table.add(finding.subject, finding.state.rawValue, finding.detail) }
        return table.shown(width: width) { cell in
            switch cell {
            case Finding.State.ok.rawValue: .green
            case Finding.State.failed.rawValue: .red
            case Finding.State.note.rawValue: .yellow
            default: nil
            }
        }
    }

    var json: JSONObject {
        [
            "ok": .bool(exit == nil),
            "checks": .array(
                findings.map {
                    [
                        "subject": .string($0.subject), "state": .string($0.state.rawValue),
                        "message": .string($0.detail),
                    ]
                }),
        ]
    }
}
