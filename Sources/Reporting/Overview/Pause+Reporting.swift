package import Domain
package import Formats

extension Pause {
    /// The pause as `--json` shows it.
    package var json: JSONValue {
        [
            "kind": .string(subject.kind.rawValue), "subject": .string(subject.name),
            "since": .string(since.timestamp),
            "endsAt": until.map { .string($0.timestamp) } ?? .null, "author": .string(author),
            "reason": reason.map(JSONValue.string) ?? .null,
        ]
    }

    /// The end, as a table shows it.
    package var end: String { Self.end(until) }

    /// The pause in a sentence for a terminal or a page.
    package var shown: String { SafeText.cut(text, to: 500) }
}

extension Sequence<Pause> {
    /// The pauses of one kind of subject, by name.
    package func byName(_ kind: PauseSubject.Kind) -> [String: Pause] {
        reduce(into: [:]) { pauses, pause in
            if pause.subject.kind == kind { pauses[pause.subject.name] = pause }
        }
    }
}
