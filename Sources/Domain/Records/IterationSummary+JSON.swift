package import Formats

/// The documented form of `iterate --json`.
extension IterationSummary {
    /// The members of the document beside `iteration`.
    package var json: JSONObject {
        [
            "workerTypes": .array(decisions.map(\.json)), "bids": .array(bids.map(\.json)),
            "skippedBids": .integer(Int64(skippedBids)),
            "terminated": .array(terminated.map(\.json)), "cancelled": .array(cancelled.map(\.json)),
            "notices": .integer(Int64(notices)), "calls": calls?.json ?? .null,
            "errors": .array(failures.map(\.json) + warnings.map(Self.json(warning:))),
        ]
    }

    private static func json(warning: String) -> JSONValue {
        ["subject": "warning", "code": "warning", "message": .string(warning)]
    }
}

extension IterationSummary.Decision {
    package var json: JSONValue {
        [
            "workerType": .string(workerType),
            "pendingTasks": pendingTasks.map { .integer(Int64($0)) } ?? .null,
            "runningCapacity": .integer(Int64(tally.running)),
            "pendingCapacity": .integer(Int64(tally.booting)),
            "requestedCapacity": .integer(Int64(tally.requested)),
            "change": change.map { .integer(Int64($0)) } ?? .null, "bids": .integer(Int64(bids)),
            "errors": .array((problems.map(\.description) + refusals).map(JSONValue.string)),
        ]
    }
}

extension IterationSummary.SubmittedBid {
    package var json: JSONValue {
        var object: JSONObject = [
            "workerType": .string(bid.workerType), "region": .string(bid.pool.region),
            "zone": .string(bid.pool.availabilityZone), "instanceType": .string(bid.pool.instanceType),
            "capacity": .integer(Int64(bid.capacity)), "spotPrice": .number(bid.spotPrice.usd),
            "effectivePrice": .number(bid.effectivePrice.usd), "bidPrice": .number(bid.bidPrice.usd),
            "market": .string(bid.market.rawValue), "outcome": .string(outcome.rawValue),
        ]
        if let launchId { object["launchId"] = .string(launchId) }
        if let instanceId { object["instanceId"] = .string(instanceId) }
        if let spotRequestId { object["spotRequestId"] = .string(spotRequestId) }
        if let failure { object["error"] = .string(failure.description) }
        return .object(object)
    }
}

extension IterationSummary.TerminatedResource {
    package var json: JSONValue {
        [
            "id": .string(id), "region": .string(region), "workerType": .string(workerType),
            "reason": .string(reason.rawValue),
        ]
    }
}

extension IterationSummary.Failure {
    package var json: JSONValue {
        [
            "subject": .string(subject?.description ?? ""), "code": .string(code),
            "message": .string(message),
        ]
    }
}
