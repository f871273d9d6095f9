package import Formats
package import FoundationEssentials

/// The calls that an iteration made to the services, and their retries, throttles and delays.
package struct CallStatistics: Hashable, Codable, Sendable {
    package struct Counts: Hashable, Codable, Sendable {
        /// Calls made, retries included.
        package var calls: Int
        package var retries: Int
        package var throttles: Int
        /// Seconds of delay before retries.
        package var secondsWaited: TimeInterval

        package init(calls: Int = 0, retries: Int = 0, throttles: Int = 0, secondsWaited: TimeInterval = 0) {
            self.calls = calls
            self.retries = retries
            self.throttles = throttles
            self.secondsWaited = secondsWaited
        }
    }

    /// The calls of one action in one region.
    package struct Action: Hashable, Codable, Sendable {
        package let service: String
        package let action: String
        /// Empty for services without regions.
        package let region: String
        package let counts: Counts

        package init(service: String, action: String, region: String, counts: Counts) {
            self.service = service
            self.action = action
            self.region = region
            self.counts = counts
        }
    }

    /// A service in a region that throttled, and the least number of calls at once that it was limited to.
    package struct Limit: Hashable, Codable, Sendable {
        package let service: String
        package let region: String
        package let callsAtOnce: Int

        package init(service: String, region: String, callsAtOnce: Int) {
            self.service = service
            self.region = region
            self.callsAtOnce = callsAtOnce
        }
    }

    package var total: Counts
    /// Retries that were not made because the iteration's retry budget was used up.
    package var refusedByBudget: Int
    package var actions: [Action]
    package var slowed: [Limit]

    package init(
        total: Counts = Counts(), refusedByBudget: Int = 0, actions: [Action] = [], slowed: [Limit] = []
    ) {
        self.total = total
        self.refusedByBudget = refusedByBudget
        self.actions = actions
        self.slowed = slowed
    }

    /// The documented form, `calls` of `iterate --json` and `status --json`.
    package var json: JSONValue {
        var document = total.json
        document["refusedByBudget"] = .integer(Int64(refusedByBudget))
        document["actions"] = .array(
            actions.map { action in
                var object = action.counts.json
                object["service"] = .string(action.service)
                object["action"] = .string(action.action)
                object["region"] = .string(action.region)
                return .object(object)
            })
        document["slowed"] = .array(
            slowed.map {
                [
                    "service": .string($0.service), "region": .string($0.region),
                    "callsAtOnce": .integer(Int64($0.callsAtOnce)),
                ]
            })
        return .object(document)
    }
}

extension CallStatistics.Counts {
    fileprivate var json: JSONObject {
        [
            "callCount": .integer(Int64(calls)), "retries": .integer(Int64(retries)),
            "throttles": .integer(Int64(throttles)),
            "waitedSeconds": .number((secondsWaited * 1000).rounded() / 1000),
        ]
    }
}
