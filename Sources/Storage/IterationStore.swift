import Algorithms
package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The record of one iteration.
package struct IterationRecord: Hashable, Sendable {
    package let id: Int64
    package let startedAt: Date
    /// Nil while it runs, and when it was killed.
    package let finishedAt: Date?
    package let outcome: IterationOutcome?
    package let dryRun: Bool
    /// The stored report; see `summary`.
    let storedSummary: String?

    /// The report; nil while the iteration runs, and where a newer program stored it. Decoded at each access.
    package var summary: IterationSummary? {
        guard let storedSummary else { return nil }
        let what = "report of iteration \(id)"
        if let summary = try? JSONCoding.decode(IterationSummary.self, from: storedSummary.utf8, what: what) {
            return summary
        }
        guard let document = try? JSONCoding.parse(storedSummary.utf8, what: what) else { return nil }
        return IterationSummary(unversioned: document)
    }
}

/// Iterations, their noteworthy decisions, and the latest decision of each worker type with all candidates.
package struct IterationStore: Sendable {
    let database: ProvisionerDatabase

    /// Records the start of an iteration.
    package func begin(dryRun: Bool, now: Date) throws -> Int64 {
        try database.write { db in
            try db.execute(
                sql: "INSERT INTO iterations (started_at, dry_run) VALUES (?, ?)",
                arguments: [now.milliseconds, dryRun])
            return db.lastInsertedRowID
        }
    }

    /// Records the outcome and the report of an iteration. Only the report of the last iteration contains the calls of
    /// actions that were neither retried nor throttled.
    package func finish(
        _ id: Int64, outcome: IterationOutcome, summary: IterationSummary, now: Date
    ) throws {
        let report = try JSONCoding.encode(summary)
        try database.write { db in
            try db.execute(
                sql: "UPDATE iterations SET finished_at = ?, outcome = ?, summary = ? WHERE id = ?",
                arguments: [now.milliseconds, outcome.rawValue, report, id])
            guard summary.calls != nil else { return }
            try db.execute(
                sql: """
                    UPDATE iterations SET summary = json_set(summary, '$.calls.actions', (
                        SELECT json_group_array(json(value)) FROM json_each(summary, '$.calls.actions')
                        WHERE json_extract(value, '$.counts.retries') > 0
                            OR json_extract(value, '$.counts.throttles') > 0))
                    WHERE id = (SELECT max(id) FROM iterations WHERE id < ? AND dry_run = 0)
                        AND json_valid(summary) AND json_type(summary, '$.calls.actions') = 'array'
                    """, arguments: [id])
        }
    }

    /// The decisions that one transaction stores.
    private static let decisionsInATransaction = 100

    /// Stores decisions: the latest of each worker type with all candidates, and the noteworthy ones of all iterations
    /// abridged, so that an idle fleet does not fill the disk.
    ///
    /// - Parameter noteworthy: the names of the worker types whose decisions are noteworthy.
    package func record(
        _ decisions: [WorkerTypeDecision], noteworthy: Set<String> = [], iteration: Int64
    ) throws {
        for part in decisions.chunks(ofCount: Self.decisionsInATransaction) {
            // Encoded outside of the transaction, which other writers wait for.
            let rows = try part.map { decision in
                (
                    workerType: decision.workerType, json: try JSONCoding.encode(decision),
                    abridged: noteworthy.contains(decision.workerType)
                        ? try JSONCoding.encode(decision.abridged) : nil
                )
            }
            try database.write { db in
                let latest = try db.makeStatement(
                    sql: """
                        INSERT INTO explanations (worker_type, iteration, json) VALUES (?, ?, ?)
                        ON CONFLICT DO UPDATE SET iteration = excluded.iteration, json = excluded.json
                        """)
                let abridged = try db.makeStatement(
                    sql: "INSERT OR REPLACE INTO decisions (iteration, worker_type, json) VALUES (?, ?, ?)")
                for row in rows {
                    try latest.execute(arguments: [row.workerType, iteration, row.json])
                    if let json = row.abridged {
                        try abridged.execute(arguments: [iteration, row.workerType, json])
                    }
                }
            }
        }
    }

    /// The problems of the latest decision of each worker type.
    package func latestProblems() throws -> [String: [Problem]] {
        let rows = try database.readOnce { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT worker_type, json_extract(json, '$.problems') AS problems FROM explanations
                    WHERE json_valid(json)
                    """)
        }
        var problems: [String: [Problem]] = [:]
        for row in rows {
            guard let text = row["problems"] as String?, text != "[]" else { continue }
            // Problems of a newer program count as new.
            problems[row["worker_type"]] = try? JSONCoding.decode(
                [Problem].self, from: text.utf8, what: "problems")
        }
        return problems
    }

    /// The latest iterations, newest first.
    package func latest(_ count: Int) throws -> [IterationRecord] {
        try fetch("ORDER BY id DESC LIMIT ?", [count])
    }

    /// The last finished iteration that was no dry run.
    package func lastFinished() throws -> IterationRecord? {
        try fetch("WHERE finished_at IS NOT NULL AND dry_run = 0 ORDER BY id DESC LIMIT 1").first
    }

    /// The last finished iteration with this outcome that was no dry run.
    package func lastFinished(outcome: IterationOutcome) throws -> IterationRecord? {
        try fetch("WHERE outcome = ? AND dry_run = 0 ORDER BY id DESC LIMIT 1", [outcome.rawValue]).first
    }

    /// The finished iterations without dry runs, oldest first.
    ///
    /// - Parameters:
    ///   - id: the id before the first iteration.
    ///   - since: the earliest end.
    package func finished(after id: Int64 = 0, since: Date = .distantPast, limit: Int = 10_000) throws
        -> [IterationRecord]
    {
        try fetch(
            // The sign excludes the order of ids: the index by end finds the few iterations since a time.
            "WHERE finished_at >= ? AND id > ? AND dry_run = 0 ORDER BY +id DESC LIMIT ?",
            [max(since, Date(milliseconds: 0)).milliseconds, id, limit]
        ).reversed()
    }

    /// A decision with the iteration that made it.
    package struct StoredDecision: Sendable {
        package let iteration: Int64
        package let decision: WorkerTypeDecision
        /// Whether it contains all candidates; else the chosen pools alone.
        package let hasCandidates: Bool
    }

    /// The latest decision of one worker type.
    package func explanation(of workerType: String) throws -> StoredDecision? {
        try database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT iteration, json, 1 AS complete FROM explanations WHERE worker_type = ?",
                arguments: [workerType]
            ).map(Self.storedDecision)
        }
    }

    /// The decision of an iteration for a worker type; nil where it is not stored.
    package func decision(of workerType: String, iteration: Int64) throws -> StoredDecision? {
        try decision(of: workerType, where: "iteration = ?2", [iteration])
    }

    /// The last stored decision of the iterations that began up to a time.
    package func decision(of workerType: String, at time: Date) throws -> StoredDecision? {
        try decision(
            of: workerType, where: "iteration <= (SELECT max(id) FROM iterations WHERE started_at <= ?2)",
            [time.milliseconds])
    }

    /// The last stored decision with bids.
    package func lastPurchase(of workerType: String) throws -> StoredDecision? {
        try decision(of: workerType, where: "json_array_length(json, '$.bids') > 0")
    }

    private func decision(
        of workerType: String, where condition: String, _ arguments: StatementArguments = []
    ) throws -> StoredDecision? {
        try database.read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT iteration, json, 1 AS complete FROM explanations
                    WHERE worker_type = ?1 AND \(condition)
                    UNION ALL SELECT * FROM (
                        SELECT iteration, json, 0 FROM decisions
                        WHERE worker_type = ?1 AND \(condition) ORDER BY iteration DESC LIMIT 1)
                    ORDER BY iteration DESC, complete DESC LIMIT 1
                    """, arguments: [workerType] + arguments
            ).map(Self.storedDecision)
        }
    }

    private static func storedDecision(_ row: Row) throws -> StoredDecision {
        StoredDecision(
            iteration: row["iteration"], decision: try decision(row), hasCandidates: row["complete"])
    }

    /// The latest decision of every worker type, without pools and bids: most of its text, which an overview does not
    /// show.
    package func summaries() throws -> [WorkerTypeDecision] {
        try database.read { db in
            database.readEach(
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT worker_type, CASE WHEN json_valid(json) THEN json_set(
                            json_remove(json, '$.choice', '$.holdings', '$.reselected'), '$.bids', json_array())
                            ELSE '' END AS json
                        FROM explanations ORDER BY worker_type
                        """),
                name: { "latest decision for \($0["worker_type"] as String)" }, Self.decision)
        }
    }

    /// Deletes iterations that began before a time, and their decisions.
    ///
    /// - Returns: the number of deleted iterations.
    @discardableResult
    package func purge(startedBefore limit: Date) throws -> Int {
        let old = "SELECT id FROM iterations WHERE started_at < ? ORDER BY started_at, id LIMIT 20"
        return try database.deleteInParts { db in
            try db.execute(
                sql: "DELETE FROM decisions WHERE iteration IN (\(old))", arguments: [limit.milliseconds])
            try db.execute(
                sql: "DELETE FROM iterations WHERE id IN (\(old))", arguments: [limit.milliseconds])
            return db.changesCount
        }
    }

    private static func decision(_ row: Row) throws -> WorkerTypeDecision {
        let text: String = row["json"]
        return try JSONCoding.decode(WorkerTypeDecision.self, from: text.utf8, what: "decision")
    }

    private func fetch(_ condition: String, _ arguments: StatementArguments = []) throws -> [IterationRecord]
    {
        try database.readOnce { db in
            try Row.fetchAll(db, sql: "SELECT * FROM iterations " + condition, arguments: arguments).map {
                row in
                IterationRecord(
                    id: row["id"], startedAt: Date(milliseconds: row["started_at"]),
                    finishedAt: (row["finished_at"] as Int64?).map(Date.init(milliseconds:)),
                    outcome: (row["outcome"] as String?).flatMap(IterationOutcome.init(rawValue:)),
                    dryRun: row["dry_run"], storedSummary: row["summary"])
            }
        }
    }
}
