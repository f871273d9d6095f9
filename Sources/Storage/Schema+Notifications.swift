extension Schema {
    /// The problems of `ProblemLedger`, and the notifications of `NotificationStore`.
    static let notifications = """
        CREATE TABLE problems (
            subject_kind TEXT NOT NULL, subject_name TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL,
            began_at INTEGER NOT NULL, text TEXT NOT NULL, owner TEXT NOT NULL, announced_at INTEGER,
            absent_since INTEGER, ended_at INTEGER,
            PRIMARY KEY (subject_kind, subject_name, kind, code, began_at)
        ) WITHOUT ROWID;

        -- One row for each recipient. `state` is pending, sent or expired; `failure` is that of the last attempt.
        CREATE TABLE notifications (
            id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, channel TEXT NOT NULL, address TEXT NOT NULL,
            content TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, last_attempt_at INTEGER,
            failure TEXT
        ) WITHOUT ROWID;
        CREATE INDEX notifications_pending ON notifications (created_at) WHERE state = 'pending';
        CREATE INDEX notifications_by_time ON notifications (created_at);

        -- Counts each attempt by its result, and each notification that is not tried any more.
        CREATE TRIGGER count_notifications AFTER UPDATE OF state ON notifications BEGIN
            INSERT INTO counters VALUES (
                'notifications', '', CASE NEW.state WHEN 'pending' THEN 'failed' ELSE NEW.state END, 1)
                ON CONFLICT DO UPDATE SET value = value + 1;
        END;
        """
}
