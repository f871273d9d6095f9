import Domain

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
}
