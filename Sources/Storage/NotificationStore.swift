package import Domain
package import FoundationEssentials
import GRDB

/// The tracked problems, and the notifications with the state of their delivery.
package struct NotificationStore: Sendable {
    let database: ProvisionerDatabase

    package enum State: String, Sendable { case pending, sent, expired }

    package struct Record: Hashable, Sendable {
        package let delivery: NotificationDelivery
        package let state: State
        package let attempts: Int
        package let lastAttemptAt: Date?
        /// The failure of the last attempt.
        package let failure: String?
    }

    /// The open problems, and the problems that were announced recently.
    package func ledger() throws -> ProblemLedger {
        try database.read { db in
            ProblemLedger(
                try Row.fetchAll(
                    db, sql: "SELECT * FROM problems ORDER BY began_at, subject_kind, subject_name"
                )
                .compactMap(Self.problem))
        }
    }

    /// Deletes the problems, whose ends a deployment without recipients does not observe.
    package func forgetProblems() throws {
        guard try !ledger().problems.isEmpty else { return }
        try database.write { db in try db.execute(sql: "DELETE FROM problems") }
    }

    /// Stores a change of the ledger together with the notifications that follow from it, in one transaction: a crash
    /// loses neither and doubles neither.
    package func record(
        _ ledger: ProblemLedger, replacing earlier: ProblemLedger, deliveries: [NotificationDelivery],
        now: Date
    ) throws {
        if ledger == earlier, deliveries.isEmpty { return }
        let contents = try deliveries.map { ($0, try JSONCoding.encode($0.notification)) }
        try database.write { db in
            try db.execute(sql: "DELETE FROM problems")
            for tracked in ledger.problems { try Self.insert(tracked, db) }
            for (delivery, content) in contents {
                try db.execute(
                    sql: """
                        INSERT INTO notifications (id, created_at, channel, address, content, state, attempts)
                        VALUES (?, ?, ?, ?, ?, 'pending', 0)
                        """,
                    arguments: [
                        delivery.id, now.milliseconds, delivery.recipient.channel.rawValue,
                        delivery.recipient.address, content,
                    ])
            }
        }
    }

    /// The undelivered notifications: those with the fewest attempts first, so that failures do not delay new ones.
    package func pending(limit: Int) throws -> [NotificationDelivery] {
        try records("WHERE state = 'pending' ORDER BY attempts, created_at, id LIMIT ?", [limit]).map(
            \.delivery)
    }

    /// The notifications since a time, oldest first.
    package func since(_ limit: Date) throws -> [Record] {
        try records("WHERE created_at >= ? ORDER BY created_at, id", [limit.milliseconds])
    }

    /// The notifications since a time that are not sent, oldest first.
    package func unsent(since limit: Date) throws -> [Record] {
        try records(
            "WHERE created_at >= ? AND state <> ? ORDER BY created_at, id",
            [limit.milliseconds, State.sent.rawValue])
    }

    /// Records an attempt.
    ///
    /// - Parameter failure: the message of a failure; nil for a sent notification.
    package func recordAttempt(_ id: String, failure: String?, now: Date) throws {
        try database.write { db in
            try db.execute(
                sql: """
                    UPDATE notifications SET state = ?, attempts = attempts + 1, last_attempt_at = ?, failure = ?
                    WHERE id = ?
                    """,
                arguments: [
                    (failure == nil ? State.sent : .pending).rawValue, now.milliseconds, failure, id,
                ])
        }
    }

    /// Ends the attempts to send the undelivered notifications from before a time, and returns their number.
    package func expire(createdBefore limit: Date) throws -> Int {
        guard try pendingExists(before: limit) else { return 0 }
        return try database.write { db in
            try db.execute(
                sql: "UPDATE notifications SET state = 'expired' WHERE state = 'pending' AND created_at < ?",
                arguments: [limit.milliseconds])
            return db.changesCount
        }
    }

    /// Deletes the notifications from before a time.
    package func purge(before limit: Date) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM notifications WHERE created_at < ?", arguments: [limit.milliseconds])
        }
    }

    private func pendingExists(before limit: Date) throws -> Bool {
        try database.readOnce { db in
            try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM notifications WHERE state = 'pending' AND created_at < ?)",
                arguments: [limit.milliseconds]) ?? false
        }
    }

    private func records(_ condition: String, _ arguments: StatementArguments) throws -> [Record] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM notifications " + condition, arguments: arguments)
                .compactMap(Self.record)
        }
    }

    /// Nil for a row of a newer program.
    private static func record(_ row: Row) throws -> Record? {
        guard let channel = NotificationRecipient.Channel(rawValue: row["channel"]),
            let state = State(rawValue: row["state"])
        else { return nil }
        let id: String = row["id"]
        let content: String = row["content"]
        let notification = try JSONCoding.decode(
            ProblemNotification.self, from: content.utf8, what: "notification \(id)")
        return Record(
            delivery: NotificationDelivery(
                notification, to: NotificationRecipient(channel, row["address"])),
            state: state, attempts: row["attempts"],
            lastAttemptAt: (row["last_attempt_at"] as Int64?).map(Date.init(milliseconds:)),
            failure: row["failure"])
    }

    private static func insert(_ tracked: TrackedProblem, _ db: Database) throws {
        let problem = tracked.problem
        try db.execute(
            sql: """
                INSERT INTO problems (
                    subject_kind, subject_name, kind, code, began_at, text, owner, announced_at, absent_since,
                    ended_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                problem.subject.kind.rawValue, problem.subject.name, problem.identity.kind.rawValue,
                problem.identity.code,
                tracked.beganAt.milliseconds, problem.text, problem.owner, tracked.announcedAt?.milliseconds,
                tracked.absentSince?.milliseconds, tracked.endedAt?.milliseconds,
            ])
    }

    /// Nil for a row of a newer program.
    private static func problem(_ row: Row) -> TrackedProblem? {
        guard let subjectKind = ProblemSubject.Kind(rawValue: row["subject_kind"]),
            let kind = ObservedProblem.Kind(rawValue: row["kind"])
        else { return nil }
        func date(_ column: String) -> Date? { (row[column] as Int64?).map(Date.init(milliseconds:)) }
        return TrackedProblem(
            ObservedProblem(
                ObservedProblem.Identity(
                    subject: ProblemSubject(subjectKind, row["subject_name"]), kind, code: row["code"]),
                text: row["text"], owner: row["owner"]),
            beganAt: Date(milliseconds: row["began_at"]), announcedAt: date("announced_at"),
            absentSince: date("absent_since"), endedAt: date("ended_at"))
    }
}

extension ProvisionerDatabase {
    package var notifications: NotificationStore { NotificationStore(database: self) }
}
