package import Formats

/// The form of reports that were stored before reports had a version: the document of `iterate --json`.
extension IterationSummary {
    /// Creates nil for a report that has a version.
    package init?(unversioned document: JSONValue) {
        guard let document = document.objectValue, document["version"] == nil else { return nil }
        self.init()
        decisions = document.objects("workerTypes").map(Decision.init(unversioned:))
        bids = document.objects("bids").compactMap(SubmittedBid.init(unversioned:))
        terminated = document.objects("terminated").compactMap(TerminatedResource.init(unversioned:))
        cancelled = document.objects("cancelled").compactMap(TerminatedResource.init(unversioned:))
        for error in document.objects("errors") {
            if error.string("subject") == "warning" {
                warnings.append(error.string("message"))
            } else {
                failures.append(
                    Failure(
                        subject: CallSubject(unversioned: error.string("subject")),
                        code: error.string("code"), message: error.string("message")))
            }
        }
        notices = document.integer("notices")
        calls = document["calls"]?.objectValue.map(CallStatistics.init(unversioned:))
        error = document["error"]?.stringValue
    }
}

extension IterationSummary.Decision {
    fileprivate init(unversioned document: JSONObject) {
        self.init(
            workerType: document.string("workerType"), pendingTasks: document["pendingTasks"]?.integerValue,
            tally: CapacityTally(
                running: document.integer("runningCapacity"), booting: document.integer("pendingCapacity"),
                requested: document.integer("requestedCapacity")),
            change: document["change"]?.integerValue, bids: document.integer("bids"),
            problems: (document["errors"]?.arrayValue ?? []).compactMap(\.stringValue).map(
                Problem.init(unversioned:)),
            refusals: [])
    }
}

extension IterationSummary.SubmittedBid {
    fileprivate init?(unversioned document: JSONObject) {
        guard let outcome = BidResult.Outcome(rawValue: document.string("outcome")) else { return nil }
        func price(_ key: String) -> Price { Price(usd: document[key]?.doubleValue ?? 0) }
        self.init(
            Bid(
                workerType: document.string("workerType"),
                pool: Pool(
                    region: document.string("region"), availabilityZone: document.string("zone"),
                    instanceType: document.string("instanceType")),
                capacity: document.integer("capacity"),
                market: Market(rawValue: document.string("market")) ?? .spot, spotPrice: price("spotPrice"),
                effectivePrice: price("effectivePrice"), bidPrice: price("bidPrice")),
            outcome, launchId: document["launchId"]?.stringValue,
            instanceId: document["instanceId"]?.stringValue,
            spotRequestId: document["spotRequestId"]?.stringValue,
            failure: document["error"]?.stringValue.map {
                ServiceFailure(kind: .other, code: "", message: $0)
            })
    }
}

extension IterationSummary.TerminatedResource {
    fileprivate init?(unversioned document: JSONObject) {
        guard let reason = TerminationPlan.Reason(rawValue: document.string("reason")) else { return nil }
        self.init(
            id: document.string("id"), region: document.string("region"),
            workerType: document.string("workerType"), reason: reason)
    }
}

extension CallSubject {
    /// - Parameter unversioned: the description of the subject.
    fileprivate init?(unversioned text: String) {
        for kind in Kind.allCases where text == kind.rawValue || text.hasPrefix(kind.rawValue + " ") {
            self.init(kind, String(text.dropFirst(kind.rawValue.count + 1)))
            return
        }
        return nil
    }
}

extension CallStatistics {
    fileprivate init(unversioned document: JSONObject) {
        self.init(
            total: Counts(unversioned: document), refusedByBudget: document.integer("refusedByBudget"),
            actions: document.objects("actions").map {
                Action(
                    service: $0.string("service"), action: $0.string("action"), region: $0.string("region"),
                    counts: Counts(unversioned: $0))
            },
            slowed: document.objects("slowed").map {
                Limit(
                    service: $0.string("service"), region: $0.string("region"),
                    callsAtOnce: $0.integer("callsAtOnce"))
            })
    }
}

extension CallStatistics.Counts {
    fileprivate init(unversioned document: JSONObject) {
        self.init(
            calls: document.integer("calls"), retries: document.integer("retries"),
            throttles: document.integer("throttles"),
            secondsWaited: document["secondsWaited"]?.doubleValue ?? 0)
    }
}

extension JSONObject {
    fileprivate func objects(_ key: String) -> [JSONObject] {
        self[key]?.arrayValue?.compactMap(\.objectValue) ?? []
    }

    fileprivate func string(_ key: String) -> String { self[key]?.stringValue ?? "" }

    fileprivate func integer(_ key: String) -> Int { self[key]?.integerValue ?? 0 }
}
