extension Schema {
    /// The tables of the history. Triggers count events in the transaction that records them, in every program, also if
    /// the process is killed. Purged rows stay counted.
    static let history = """
        -- Spot prices over time: a row for each change of the price of a pool.
        CREATE TABLE price_history (
            region TEXT NOT NULL, instance_type TEXT NOT NULL, availability_zone TEXT NOT NULL,
            at INTEGER NOT NULL, price INTEGER NOT NULL,
            PRIMARY KEY (region, instance_type, availability_zone, at)
        ) WITHOUT ROWID;
        CREATE INDEX price_history_by_time ON price_history (at);

        -- Pending tasks and capacities of each worker type: a row for each change, and one each hour.
        CREATE TABLE capacity_history (
            worker_type TEXT NOT NULL, at INTEGER NOT NULL, pending_tasks INTEGER, running INTEGER NOT NULL,
            booting INTEGER NOT NULL, requested INTEGER NOT NULL, PRIMARY KEY (worker_type, at)
        ) WITHOUT ROWID;
        CREATE INDEX capacity_history_by_time ON capacity_history (at);

        -- Numbers that never decrease. `worker_type` is empty where there is none.
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

        -- Interruptions, by the state reason of the instance or the status of its spot request.
        CREATE TRIGGER count_interruptions AFTER UPDATE OF state ON launches
        WHEN NEW.state = 'ended' AND OLD.state <> 'ended' AND NEW.instance_id IS NOT NULL AND (
            NEW.error_code LIKE 'Server.Spot%' OR NEW.error_code LIKE 'instance-terminated-%'
        ) AND NEW.error_code <> 'instance-terminated-by-user' BEGIN
            INSERT INTO counters VALUES ('interruptions', NEW.worker_type, '', 1)
                ON CONFLICT DO UPDATE SET value = value + 1;
        END;
        """

    /// Counts the rows of `interruptions`, so that the counter follows `EC2Codes`. The earlier trigger had its own list of
    /// codes.
    static let interruptionCounter = """
        DROP TRIGGER count_interruptions;
        CREATE TRIGGER count_interruptions AFTER INSERT ON interruptions BEGIN
            INSERT INTO counters VALUES ('interruptions', NEW.worker_type, '', 1)
                ON CONFLICT DO UPDATE SET value = value + 1;
        END;
        """

    /// Splits the subject of a failed call into the kind and the name of a `CallSubject`.
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
