package import Domain
package import FoundationEssentials
import GRDB

extension LaunchStore {
    /// The number of open launches of each region that has some.
    package func openRegions() throws -> [String: Int] {
        try database.readOnce { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT region, count(*) AS count FROM launches
                    WHERE state IN ('stored', 'submitted', 'visible') GROUP BY region
                    """
            ).reduce(into: [:]) { $0[$1["region"]] = $1["count"] }
        }
    }

    /// Gives a region up: its open launches are lost, and its last known state is deleted.
    ///
    /// - Returns: the number of lost launches.
    @discardableResult
    package func giveUp(region: String, by author: Author = .program, now: Date) throws -> Int {
        try database.write { db in
            try db.execute(
                sql: """
                    UPDATE launches SET state = 'lost', ended_at = ?, error_code = 'region-given-up',
                        error_message = 'the region is managed no more and was given up', request = NULL
                    WHERE region = ? AND state IN ('stored', 'submitted', 'visible')
                    """, arguments: [now.milliseconds, region])
            let count = db.changesCount
            try db.execute(sql: "DELETE FROM region_states WHERE region = ?", arguments: [region])
            if count > 0 || db.changesCount > 0 {
                try database.audit.add(
                    .removed, .region, region, note: "\(count) launches are lost", by: author, now: now, db)
            }
            return count
        }
    }
}
