import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Storage

/// The check of the last iteration as a Nagios plugin: one line, and an exit code from 0 to 3.
struct AgeCheck {
    /// Seconds that the end of the last iteration may be ago.
    let limit: TimeInterval
    let common: CommonOptions
    let json: JSONOption

    private enum State: Int32 {
        case ok, warning, critical, unknown
    }

    func run() throws {
        let state: State
        do {
            let deployment = try common.deployment()
            let last = try deployment.openDatabase(.readOnly).iterations.lastFinished()
            state = try show(last, regions: deployment.settings.regions)
        } catch {
            let reason = CommandFailure.text(of: error)
            if json.isSet {
                try Terminal.print(document: [
                    "ok": false, "iterationId": .null, "finishedAt": .null, "outcome": .null,
                    "ageSeconds": .null, "problems": [.string(reason)],
                ])
            } else {
                Terminal.print("UNKNOWN: \(reason)")
            }
            state = .unknown
        }
        if state != .ok { throw ExitCode(state.rawValue) }
    }

    private func show(_ last: IterationRecord?, regions: [String]) throws -> State {
        let age = last?.finishedAt.map { Date().timeIntervalSince($0) }
        let failed = Set(
            (last?.summary?.failures ?? []).filter { $0.subject?.kind == .region }
                .compactMap { $0.subject?.name })
        let hasReadNone = !regions.isEmpty && failed.isSuperset(of: regions)
        let state: State =
            if last?.outcome == .failed || hasReadNone { .critical } else if age.map({ $0 > limit }) ?? true {
                .warning
            } else { .ok }
        if json.isSet {
            let problems = [
                last == nil ? "no iteration has finished" : nil,
                last?.outcome == .failed ? "the last iteration failed" : nil,
                hasReadNone ? "no region could be read" : nil,
                age.map { $0 > limit } ?? false
                    ? "no iteration finished within \(RelativeTime.text(limit))" : nil,
            ].compactMap(\.self)
            try Terminal.print(document: [
                "ok": .bool(state == .ok), "iterationId": last.map { .integer($0.id) } ?? .null,
                "finishedAt": last?.finishedAt.map { .string($0.timestamp) } ?? .null,
                "outcome": last?.outcome.map { .string($0.rawValue) } ?? .null,
                "ageSeconds": age.map { .integer(Int64($0)) } ?? .null,
                "problems": .array(problems.map(JSONValue.string)),
            ])
            return state
        }
        var text = "no iteration has finished"
        if let last, let age {
            text = "iteration \(last.id) finished \(RelativeTime.text(age)) ago: "
            text += hasReadNone ? "no region could be read" : last.outcome?.rawValue ?? "?"
        }
        let performance = age.map { " | age=\(Int($0))s;\(Int(limit))" } ?? ""
        Terminal.print("\("\(state)".uppercased()): \(text)\(performance)")
        return state
    }
}
