extension Schema {
    /// The tables of the history. Triggers count, so that a counter grows in the transaction that it counts, in every program and
    /// also if the process is killed. Rows that are purged later stay counted.
    static let history = """
        -- Spot prices over time: a row where the price of a pool changed.
        CREATE TABLE price_history (
            region TEXT NOT NULL, instance_type TEXT NOT NULL, availability_zone TEXT NOT NULL,
            at INTEGER NOT NULL, price INTEGER NOT NULL,
            PRIMARY KEY (region, instance_type, availability_zone, at)
        ) WITHOUT ROWID;
        CREATE INDEX price_history_by_time ON price_history (at);

        -- What each worker type had and wanted: a row where that changed, and one each hour.
        CREATE TABLE capacity_history (
            worker_type TEXT NOT NULL, at INTEGER NOT NULL, pending_tasks INTEGER, running INTEGER NOT NULL,
            booting INTEGER NOT NULL, requested INTEGER NOT NULL, PRIMARY KEY (worker_type, at)
        ) WITHOUT ROWID;
        CREATE INDEX capacity_history_by_time ON capacity_history (at);

        -- What only ever grows. `worker_type` is empty where there is none.
        CREATE TABLE counters (
            name TEXT NOT NULL, worker_type TEXT NOT NULL, detail TEXT NOT NULL, value INTEGER NOT NULL,
            PRIMARY KEY (name, worker_type, detail)
        ) WITHOUT ROWID;

        CREATE TRIGGER count_iterations AFTER UPDATE OF outcome ON iterations
        WHEN NEW.dry_run = 0 AND OLD.outcome IS NULL AND NEW.outcome IS NOT NULL BEGIN
            INSERT INTO counters VALUES ('iterations', '', NEW.outcome, 1)
                ON CONFLICT DO UPDATE SET value = value + 1;
        END;

        CREATE TRIGGER count_launches AFTER INSERT ON launches BEGIN
            INSERT INTO counters VALUES ('launches', NEW.worker_type, NEW.market, 1)
                ON CONFLICT DO UPDATE SET value = value + 1;
        END;

        CREATE TRIGGER count_launch_failures AFTER UPDATE OF state ON launches
        WHEN NEW.state IN ('failed', 'lost') AND OLD.state <> NEW.state BEGIN
            INSERT INTO counters VALUES (
                'launch_failures', NEW.worker_type, COALESCE(NEW.error_code, 'unknown'), 1)
                ON CONFLICT DO UPDATE SET value = value + 1;
        END;

        -- EC2 took an instance back: its state reason, or its spot request's status, says so.
        CREATE TRIGGER count_interruptions AFTER UPDATE OF state ON launches
        WHEN NEW.state = 'ended' AND OLD.state <> 'ended' AND NEW.instance_id IS NOT NULL AND (
            NEW.error_code LIKE 'Server.Spot%' OR NEW.error_code LIKE 'instance-terminated-%'
        ) AND NEW.error_code <> 'instance-terminated-by-user' BEGIN
            INSERT INTO counters VALUES ('interruptions', NEW.worker_type, '', 1)
                ON CONFLICT DO UPDATE SET value = value + 1;
        END;
        """

    /// Counts the rows of `interruptions`, so that the counter follows the definition in Domain (`EC2Codes`). The
    /// trigger before it had a definition of its own.
    static let interruptionCounter = """
        DROP TRIGGER count_interruptions;
        CREATE TRIGGER count_interruptions AFTER INSERT ON interruptions BEGIN
            INSERT INTO counters VALUES ('interruptions', NEW.worker_type, '', 1)
                ON CONFLICT DO UPDATE SET value = value + 1;
        END;
        """

    /// Splits the subject of a failed call into its kind and its name, as `CallSubject` has them.
    static let failureSubjects = """
        ALTER TABLE failures RENAME TO old_failures;
        CREATE TABLE failures (
            kind TEXT NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (kind, name)
        ) WITHOUT ROWID;
        INSERT INTO failures SELECT
            CASE WHEN subject = 'interruption queue' THEN subject WHEN subject LIKE 'key pair %' THEN 'key pair'
                WHEN subject LIKE 'worker type %' THEN 'worker type'
                ELSE substr(subject, 1, instr(subject || ' ', ' ') - 1) END,
            CASE WHEN subject = 'interruption queue' THEN '' WHEN subject LIKE 'key pair %' THEN substr(subject, 10)
                WHEN subject LIKE 'worker type %' THEN substr(subject, 13)
                ELSE substr(subject, instr(subject || ' ', ' ') + 1) END,
            code, message, at FROM old_failures;
        DROP TABLE old_failures;
        """
}
