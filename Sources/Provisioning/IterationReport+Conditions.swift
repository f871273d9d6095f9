import Domain
import HTTPTransport

extension IterationReport {
    /// Adds a warning for each condition of the services that the snapshot shows.
    mutating func noteConditions(of snapshot: Snapshot) {
        for fetched in snapshot.fetchedPrices.sorted(by: { $0.region < $1.region }) where fetched.unusable > 0
        {
            warnings.append(
                "prices \(fetched.region): \(fetched.unusable) records without a type, zone, time or positive price "
                    + "were skipped")
        }
        warnings += snapshot.imageProblems
        warnings += snapshot.fresh.compactMap { state in
            state.subnetFailure.map {
                "\(state.region): the subnets could not be read, so that the last known ones apply: \($0)"
            }
        }.sorted()
    }

    /// Adds a warning for the instances that EC2 launched in another market than the launch requested.
    mutating func noteMarkets(of fleet: Fleet, launches: [String: Launch]) {
        var differing: [Market: [String]] = [:]
        for item in fleet.instances where !item.instance.state.isEnding {
            guard let market = item.instance.lifecycle, let launch = item.launchId.flatMap({ launches[$0] }),
                launch.market != market
            else { continue }
            differing[market, default: []].append(item.instance.id)
        }
        for (market, ids) in differing.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let requested: Market = market == .spot ? .onDemand : .spot
            let more = ids.count > 5 ? " and \(ids.count - 5) more" : ""
            warnings.append(
                "\(ids.count) instances were requested as \(requested.rawValue) and are \(market.rawValue) in EC2: "
                    + ids.sorted().prefix(5).joined(separator: ", ") + more)
        }
    }

    /// Notes the use of the limits over all worker types, with a warning for each problem.
    mutating func note(_ limits: [LimitUse]) {
        self.limits = limits
        warnings += limits.flatMap(\.problems)
    }

    /// Adds a warning when this machine's clock differs from that of AWS.
    mutating func noteClock() {
        if let skew = calls.clockSkew, skew.isSignificant {
            warnings.append("\(skew): correct it, because AWS refuses the calls of a wrong clock")
        }
    }
}
