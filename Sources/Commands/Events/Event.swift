import Domain
import Formats
import FoundationEssentials
import Storage

/// Something that happened to the deployment: an iteration decided, bought, ended or failed at it, or a person
/// changed it.
struct Event {
    enum Kind: String, CaseIterable {
        case decided, launched, refused, terminated, cancelled, failed, changed
    }

    let at: Date
    let kind: Kind
    let workerType: String?
    let text: String
    /// What the text says, for programs.
    let details: JSONObject

    /// Unicode scalars of an event that `line` shows.
    private static let longest = 500

    var json: JSONValue {
        var object = details
        object["at"] = .string(at.timestamp)
        object["event"] = .string(kind.rawValue)
        object["workerType"] = workerType.map(JSONValue.string) ?? .null
        object["text"] = .string(text)
        return .object(object)
    }

    var line: TerminalText {
        let style: Terminal.Style? =
            switch kind {
            case .launched: .green
            case .refused: .yellow
            case .failed: .red
            case .terminated, .cancelled, .changed: .bold
            case .decided: nil
            }
        let name = kind.rawValue + String(repeating: " ", count: max(0, 10 - kind.rawValue.count))
        let subject = workerType.map { "\($0): " } ?? ""
        return "\(at.timestamp, .dim)  \(name, style)  \(SafeText.cut(subject + text, to: Self.longest))"
    }

    /// A change that somebody made.
    init(_ entry: AuditEntry) {
        at = entry.at
        workerType = entry.workerType
        kind = .changed
        var details = entry.json.objectValue ?? [:]
        // The whole definitions are for `history`.
        for key in ["before", "after", "at", "workerType"] { details[key] = nil }
        self.details = details
        var text = entry.text
        let places = entry.differences.map { $0.path }
        if !places.isEmpty {
            text += ": " + places.prefix(4).joined(separator: ", ") + (places.count > 4 ? " and more" : "")
        }
        self.text = text
    }

    private init(_ kind: Kind, at: Date, _ workerType: String?, _ text: String, _ details: JSONObject) {
        self.kind = kind
        self.at = at
        self.workerType = workerType
        self.text = text
        self.details = details
    }

    /// What an iteration did, as its report tells. One that found nothing to do makes no event.
    static func events(of record: IterationRecord) -> [Event] {
        guard let at = record.finishedAt else { return [] }
        let summary = record.summary.flatMap { try? JSONValue(parsing: Data($0.utf8)) }?.objectValue ?? [:]
        func list(_ key: String) -> [JSONObject] { summary[key]?.arrayValue?.compactMap(\.objectValue) ?? [] }
        var events: [Event] = []
        func add(_ kind: Kind, _ text: String, _ details: JSONObject) {
            var details = details
            details["iteration"] = .integer(record.id)
            events.append(Event(kind, at: at, details["workerType"]?.stringValue, text, details))
        }
        for decision in list("workerTypes") {
            let change = decision["change"]?.integerValue ?? 0
            guard change != 0 else { continue }
            func number(_ key: String) -> String { decision[key]?.integerValue.map(String.init) ?? "?" }
            add(
                .decided,
                "\(number("pendingTasks")) tasks pending, \(number("runningCapacity")) running, "
                    + "\(number("pendingCapacity")) booting, \(number("requestedCapacity")) requested: "
                    + (change > 0 ? "buy \(change)" : "give back \(-change)"), decision)
        }
        for bid in list("bids") {
            func text(_ key: String) -> String { bid[key]?.stringValue ?? "?" }
            let pool = "\(text("zone")) \(text("instanceType")) \(text("market"))"
            switch text("outcome") {
            case "launched":
                let id = bid["instanceId"]?.stringValue ?? bid["spotRequestId"]?.stringValue ?? "?"
                let price = { fixed(bid[$0]?.doubleValue ?? 0, 4) }
                add(.launched, "\(id) \(pool) at \(price("spotPrice")) USD/h, bid \(price("bidPrice"))", bid)
            case "failed", "unanswered":
                add(.refused, "\(pool): \(bid["error"]?.stringValue ?? "no answer")", bid)
            default: break
            }
        }
        for (key, kind) in [("terminated", Kind.terminated), ("cancelled", .cancelled)] {
            for ending in list(key) {
                add(
                    kind, "\(ending["id"]?.stringValue ?? "?"): \(ending["reason"]?.stringValue ?? "?")",
                    ending)
            }
        }
        for error in list("errors") {
            let subject = error["subject"]?.stringValue ?? "?"
            add(.failed, "\(subject): \(error["message"]?.stringValue ?? "?")", error)
        }
        if let error = summary["error"]?.stringValue { add(.failed, error, [:]) }
        return events
    }
}
