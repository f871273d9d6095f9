package import Formats
import FoundationEssentials

extension ProblemNotification {
    /// The document that a webhook and a command receive.
    package var json: JSONObject {
        [
            "version": 1, "id": .string(id), "provisionerId": .string(provisionerId),
            "change": .string(change.rawValue), "at": .string(at.timestamp),
            "problems": .array(
                items.map { item in
                    [
                        "subject": .string(item.subject.kind.rawValue), "name": .string(item.subject.name),
                        "text": .string(item.text), "beganAt": .string(item.beganAt.timestamp),
                        "endedAt": item.endedAt.map { .string($0.timestamp) } ?? .null,
                    ]
                }),
            "omittedProblems": .integer(Int64(omitted)),
        ]
    }

    /// One line: the subject of an e-mail.
    package var title: String {
        let count = items.count + omitted
        let problems = count == 1 ? "1 problem" : "\(count) problems"
        let subjects = subjects
        let place =
            subjects.count == 1
            ? "of \(subjects.first?.description ?? "")" : "of several worker types and regions"
        let text =
            switch change {
            case .began: "\(problems) \(place) began"
            case .ended: "\(problems) \(place) ended"
            case .test: "test notification"
            }
        return SafeText.cut(SafeText.escaped("\(provisionerId): \(text)"), to: 250)
    }

    /// The text of an e-mail in Markdown. Texts from outside are in indented code blocks, which contain no markup.
    package var markdown: String {
        var blocks: [String] = []
        for subject in subjects {
            let name = subject.description
            blocks.append("\(name.prefix(1).uppercased())\(name.dropFirst()):")
            for item in items where item.subject == subject {
                let times =
                    "since \(item.beganAt.timestamp)"
                    + (item.endedAt.map { ", ended at \($0.timestamp)" } ?? "")
                blocks.append("    \(item.text)\n    \(times)")
            }
        }
        if omitted > 0 { blocks.append("The notification omits \(omitted) more problems.") }
        blocks.append("`aws-provisioner status` shows the present state. Notification \(id).")
        return blocks.joined(separator: "\n\n") + "\n"
    }
}
