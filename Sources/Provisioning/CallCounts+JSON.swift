import Domain
import Formats
import HTTPTransport

extension CallCounts {
    /// How they stand in an iteration's report.
    var json: JSONValue {
        let sorted = lines.sorted {
            ($0.key.service, $0.key.action, $0.key.region) < ($1.key.service, $1.key.action, $1.key.region)
        }
        var document = total.json
        document["refusedByBudget"] = .integer(Int64(refusedByBudget))
        document["actions"] = .array(
            sorted.map { call, line in
                var object = line.json
                object["service"] = .string(call.service)
                object["action"] = .string(call.action)
                object["region"] = .string(call.region)
                return .object(object)
            })
        document["slowed"] = .array(
            slowed.sorted { ($0.key.service, $0.key.region) < ($1.key.service, $1.key.region) }.map {
                [
                    "service": .string($0.key.service), "region": .string($0.key.region),
                    "callsAtOnce": .integer(Int64($0.value)),
                ]
            })
        return .object(document)
    }
}

extension CallCounts.Line {
    fileprivate var json: JSONObject {
        [
            "calls": .integer(Int64(calls)), "retries": .integer(Int64(retries)),
            "throttles": .integer(Int64(throttles)),
            "secondsWaited": .number((secondsWaited * 1000).rounded() / 1000),
        ]
    }
}
