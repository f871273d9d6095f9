import Domain
import Formats
import FoundationEssentials
import Storage

/// An event of the deployment: a decision, launch, refusal, termination or failure of an iteration, a change that a
/// person made, or a sent notification.
struct Event {
    enum Kind: String, CaseIterable {
        case decided, launched, refused, unanswered, interrupted, terminated, cancelled, failed, changed,
            notified
        /// An operator terminated an instance or cancelled a spot request.
        case byHand = "by-hand"
    }

    let at: Date
    let kind: Kind
    let workerType: String?
    let text: String
    /// The content of the text for programs.
    let details: JSONObject

    /// Unicode scalars of an event that `line` shows.
    private static let longest = 500

    var json: JSONObject {
        var object = details
        object["at"] = .string(at.timestamp)
        object["event"] = .string(kind.rawValue)
        object["workerType"] = workerType.map(JSONValue.string) ?? .null
        object["text"] = .string(text)
        return object
    }

    var line: TerminalText {
        let style: Terminal.Style? =
            switch kind {
            case .launched: .green
            case .refused, .unanswered, .interrupted: .yellow
            case .failed: .red
            case .terminated, .cancelled, .changed, .byHand: .bold
            case .decided, .notified: nil
            }
        let name = kind.rawValue + String(repeating: " ", count: max(0, 10 - kind.rawValue.count))
        let subject = workerType.map { "\($0): " } ?? ""
        return "\(at.timestamp, .dim)  \(name, style)  \(SafeText.cut(subject + text, to: Self.longest))"
    }

    /// A change that a person or a client made.
    init(_ entry: AuditEntry) {
        at = entry.at
        workerType = entry.workerType
        kind = [.terminated, .cancelled].contains(entry.action) ? .byHand : .changed
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

    /// A notification that was sent.
    init(_ notification: ProblemNotification, channel: NotificationRecipient.Channel, at: Date) {
        let subjects = Set(notification.items.map(\.subject))
        let subject = subjects.count == 1 ? subjects.first : nil
        self.init(
            .notified, at: at, subject?.kind == .workerType ? subject?.name : nil,
            "\(channel.rawValue): \(notification.title)",
            [
                "channel": .string(channel.rawValue), "notificationId": .string(notification.id),
                "message": .string(notification.title),
            ])
    }

    /// An instance that EC2 reclaimed.
    init(_ interruption: Interruption) {
        self.init(
            .interrupted, at: interruption.at, interruption.workerType,
            "\(interruption.instanceId) \(interruption.pool.availabilityZone) "
                + "\(interruption.pool.instanceType): \(interruption.reason)",
            [
                "instanceId": .string(interruption.instanceId), "region": .string(interruption.pool.region),
                "zone": .string(interruption.pool.availabilityZone),
                "instanceType": .string(interruption.pool.instanceType),
                "reason": .string(interruption.reason),
            ])
    }

    private init(_ kind: Kind, at: Date, _ workerType: String?, _ text: String, _ details: JSONObject) {
        self.kind = kind
        self.at = at
        self.workerType = workerType
        self.text = text
        self.details = details
    }

    /// The events of an iteration, from its report. An iteration that found nothing to do makes no event.
    static func events(of record: IterationRecord) -> [Event] {
        guard let at = record.finishedAt, let summary = record.summary else { return [] }
        func event(_ kind: Kind, of workerType: String?, _ text: String, _ json: JSONValue = [:]) -> Event {
            var details = json.objectValue ?? [:]
            details["iterationId"] = .integer(record.id)
            return Event(kind, at: at, workerType, text, details)
        }
        var events = summary.decisions.compactMap { decision in
            decision.eventText(cancelled: summary.cancelled.count { $0.workerType == decision.workerType })
                .map { event(.decided, of: decision.workerType, $0, decision.json) }
        }
        for bid in summary.bids {
            guard let (kind, text) = bid.event else { continue }
            events.append(event(kind, of: bid.bid.workerType, text, bid.json))
        }
        for (kind, resources, idMember) in [
            (Kind.terminated, summary.terminated, "instanceId"),
            (.cancelled, summary.cancelled, "spotRequestId"),
        ] {
            events += resources.map {
                event(kind, of: $0.workerType, "\($0.id): \($0.reason.rawValue)", $0.json(idMember))
            }
        }
        events += summary.failures.map {
            event(.failed, of: nil, "\($0.subject?.description ?? "?"): \($0.message)", $0.json)
        }
        events += summary.warnings.map { event(.failed, of: nil, "warning: \($0)", ["message": .string($0)]) }
        if summary.omittedFailures > 0 {
            events.append(event(.failed, of: nil, "\(summary.omittedFailures) more failures"))
        }
        if let error = summary.error { events.append(event(.failed, of: nil, error)) }
        return events
    }
}

extension IterationSummary.Decision {
    /// Nil where nothing was done.
    ///
    /// - Parameter cancelled: the number of its spot requests that were cancelled. Capacity that runs or boots is not
    ///   given back.
    fileprivate func eventText(cancelled: Int) -> String? {
        guard let change, change > 0 || cancelled > 0 else { return nil }
        return "\(pendingTasks.map(String.init) ?? "?") tasks pending, \(tally.running) running, "
            + "\(tally.booting) booting, \(tally.requested) requested: "
            + (change <= 0
                ? "cancel \(cancelled) spot request\(cancelled == 1 ? "" : "s")"
                : bids > 0 ? "buy \(change)" : "\(change) needed, nothing bought")
    }
}

extension IterationSummary.SubmittedBid {
    /// Nil where EC2 was not called.
    fileprivate var event: (kind: Event.Kind, text: String)? {
        let pool = "\(bid.pool.availabilityZone) \(bid.pool.instanceType) \(bid.market.rawValue)"
        switch outcome {
        case .launched:
            let prices =
                "at \(bid.spotPrice.usd.formatted(decimals: 4)) USD/h, bid \(bid.bidPrice.usd.formatted(decimals: 4))"
            return (.launched, "\(instanceId ?? spotRequestId ?? "?") \(pool) \(prices)")
        case .failed: return (.refused, "\(pool): \(failure?.description ?? "no reason")")
        case .unanswered:
            return (
                .unanswered,
                "\(pool): \(failure?.description ?? "no response"); whether EC2 launched it is unknown until it shows it"
            )
        case .skipped, .planned: return nil
        }
    }
}
