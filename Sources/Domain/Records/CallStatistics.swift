public import FoundationEssentials

/// The calls that an iteration made to the services, and their retries, throttles and delays.
public struct CallStatistics: Hashable, Codable, Sendable {
    public struct Counts: Hashable, Codable, Sendable {
        /// Calls made, retries included.
        public var calls: Int
        public var retries: Int
        public var throttles: Int
        /// Seconds of delay before retries.
        public var secondsWaited: TimeInterval

        public init(calls: Int = 0, retries: Int = 0, throttles: Int = 0, secondsWaited: TimeInterval = 0) {
            self.calls = calls
            self.retries = retries
            self.throttles = throttles
            self.secondsWaited = secondsWaited
        }
    }

    /// The calls of one action in one region.
    public struct Action: Hashable, Codable, Sendable {
        public let service: String
        public let action: String
        /// Empty for services without regions.
        public let region: String
        public let counts: Counts

        public init(service: String, action: String, region: String, counts: Counts) {
            self.service = service
            self.action = action
            self.region = region
            self.counts = counts
        }
    }

    /// A service in a region that throttled, and the least number of calls at once that it was limited to.
    public struct Limit: Hashable, Codable, Sendable {
        public let service: String
        public let region: String
        public let callsAtOnce: Int

        public init(service: String, region: String, callsAtOnce: Int) {
            self.service = service
            self.region = region
            self.callsAtOnce = callsAtOnce
        }
    }

    public var total: Counts
    /// Retries that were not made because the iteration's retry budget was used up.
    public var refusedByBudget: Int
    public var actions: [Action]
    public var slowed: [Limit]

    public init(
        total: Counts = Counts(), refusedByBudget: Int = 0, actions: [Action] = [], slowed: [Limit] = []
    ) {
        self.total = total
        self.refusedByBudget = refusedByBudget
        self.actions = actions
        self.slowed = slowed
    }

    /// The documented form, `calls` of `iterate --json` and `status --json`.
    public var json: JSONValue {
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
            "calls": .integer(Int64(calls)), "retries": .integer(Int64(retries)),
            "throttles": .integer(Int64(throttles)),
            "secondsWaited": .number((secondsWaited * 1000).rounded() / 1000),
        ]
    }
}
