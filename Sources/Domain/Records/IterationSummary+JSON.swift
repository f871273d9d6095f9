package import Formats

/// The documented form of `iterate --json`.
extension IterationSummary {
    /// The members of the document beside `iteration`.
    package var json: JSONObject {
        [
            "workerTypes": .array(decisions.map(\.json)), "bids": .array(bids.map(\.json)),
            "skippedBids": .integer(Int64(skippedBids)),
            "terminated": .array(terminated.map { $0.json("instanceId") }),
            "cancelled": .array(cancelled.map { $0.json("spotRequestId") }),
            "noticeCount": .integer(Int64(notices)), "calls": calls?.json ?? .null,
            "failures": .array(failures.map(\.json)),
            "warnings": .array(warnings.map(JSONValue.string)),
            "limits": .array((limits ?? []).map(\.json)),
            "quotas": .array((quotas ?? []).map(\.json)),
        ]
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
            "change": change.map { .integer(Int64($0)) } ?? .null, "bidCount": .integer(Int64(bids)),
            "problems": .array((problems.map(\.description) + refusals).map(JSONValue.string)),
        ]
    }
}

extension IterationSummary.SubmittedBid {
    package var json: JSONValue {
        var object: JSONObject = [
            "workerType": .string(bid.workerType), "region": .string(bid.pool.region),
            "zone": .string(bid.pool.availabilityZone), "instanceType": .string(bid.pool.instanceType),
            "capacity": .integer(Int64(bid.capacity)),
            "spotUsdPerHour": .number(bid.spotPrice.usd),
            "effectiveUsdPerHour": .number(bid.effectivePrice.usd),
            "bidUsdPerHour": .number(bid.bidPrice.usd),
            "market": .string(bid.market.rawValue), "outcome": .string(outcome.rawValue),
            "problems": .array([failure?.description].compactMap(\.self).map(JSONValue.string)),
        ]
        if isRepeat == true { object["repeated"] = true }
        if let launchId { object["launchId"] = .string(launchId) }
        if let instanceId { object["instanceId"] = .string(instanceId) }
        if let spotRequestId { object["spotRequestId"] = .string(spotRequestId) }
        return .object(object)
    }
}

extension QuotaUse {
    package var json: JSONValue {
        [
            "market": .string(quota.subject.market.rawValue), "region": .string(quota.subject.region),
            "quotaClass": .string(quota.subject.quotaClass.rawValue),
            "quotaVcpus": .integer(Int64(quota.vCPUs)), "usedVcpus": .integer(Int64(used)),
        ]
    }
}

extension LimitUse {
    package var json: JSONValue {
        [
            "setting": .string(kind.setting), "value": .number(limit), "used": .number(used),
            "nextHourUsd": nextHour.map(JSONValue.number) ?? .null, "reserved": .number(reserved),
            "unpricedInstances": .integer(Int64(unpricedInstances)),
        ]
    }
}

extension IterationSummary.TerminatedResource {
    /// - Parameter idMember: the member with the id, which depends on the type of the resource.
    package func json(_ idMember: String) -> JSONValue {
        [
            idMember: .string(id), "region": .string(region), "workerType": .string(workerType),
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
