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
    }

    /// Adds a warning when this machine's clock differs from that of AWS.
    mutating func noteClock() {
        if let skew = calls.clockSkew, skew.isSignificant {
            warnings.append("\(skew): correct it, because AWS refuses the calls of a wrong clock")
        }
    }
}
