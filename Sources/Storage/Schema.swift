import FoundationEssentials
import GRDB

/// The tables, and how each version of them came about.
enum Schema {
    private struct Migration: Sendable {
        let name: String
        let apply: @Sendable (Database, Sealing) throws -> Void
    }

    /// All that ever were, in their order. One that was released never changes.
    private static let migrations = [
        Migration(name: "1: worker types, secrets, launches, iterations") { db, _ in
            try db.execute(sql: first)
            try db.execute(
                sql: """
                    INSERT INTO meta (id, created_at)
                    VALUES (1, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
                    """)
        },
        Migration(name: "2: nonces, refused claims") { db, _ in try db.execute(sql: second) },
        Migration(name: "3: interruption notices") { db, _ in try db.execute(sql: third) },
        Migration(name: "4: terminations, interruptions, lifetimes of instances") { db, _ in
            try db.execute(sql: fourth)
        },
        Migration(name: "6: history, counters") { db, _ in try db.execute(sql: history) },
        Migration(name: "7: audit") { db, _ in try db.execute(sql: audit) },
        Migration(name: "8: interruptions counted by their rows") { db, _ in
            try db.execute(sql: interruptionCounter)
        },
        Migration(name: "9: bound seals, nonce horizon, worker credentials") { db, sealing in
            try db.execute(sql: boundSeals)
            try bindSeals(db, sealing)
        },
        Migration(name: "10: sizes of audit documents") { db, _ in try db.execute(sql: auditSizes) },
        Migration(name: "11: subjects of failed calls in two columns") { db, _ in
            try db.execute(sql: failureSubjects)
        },
        Migration(name: "12: decisions by worker type") { db, _ in
            try db.execute(sql: "CREATE INDEX decisions_by_worker_type ON decisions (worker_type, iteration)")
        },
        Migration(name: "13: removed secrets") { db, _ in
            try db.execute(sql: "ALTER TABLE secrets ADD COLUMN removed_at INTEGER")
        },
        Migration(name: "14: declarations to the Queue") { db, _ in try db.execute(sql: declarations) },
    ]

    /// What `PRAGMA user_version` says of a database that has them all, and none besides: a short way to know that
    /// nothing is to be done. Which were applied is in GRDB's own table.
    static var version: Int32 { Int32(migrations.count) }

    /// - Parameter sealing: seals again what an older version sealed in another form.
    static func migrator(_ sealing: Sealing = Sealing(key: nil)) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { db in try migration.apply(db, sealing) }
        }
        return migrator
    }

    private static let audit = """
        -- Who changed what. Definitions are kept without the values of their secrets.
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, author TEXT NOT NULL, means TEXT NOT NULL,
            action TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, worker_type TEXT, before TEXT,
            after TEXT, note TEXT
        );
        CREATE INDEX audit_by_worker_type ON audit (worker_type, id);
        CREATE INDEX audit_by_time ON audit (at);
        """

    private static let auditSizes = """
        -- Bytes of `before` and `after`. The index has them without the documents.
        ALTER TABLE audit ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
        UPDATE audit SET
            size = COALESCE(length(CAST(before AS BLOB)), 0) + COALESCE(length(CAST(after AS BLOB)), 0);
        CREATE INDEX audit_documents ON audit (id, size) WHERE size > 0;
        """

    private static let fourth = """
        ALTER TABLE launches ADD COLUMN started_at INTEGER;
        ALTER TABLE launches ADD COLUMN stopped_since INTEGER;

        -- Requested terminations; `gone_at` is NULL until EC2 shows the instance as ending.
        CREATE TABLE terminations (
            instance_id TEXT PRIMARY KEY, region TEXT NOT NULL, worker_type TEXT NOT NULL, launch_id TEXT,
            reason TEXT NOT NULL, asked_at INTEGER NOT NULL, last_asked_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL, gone_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX terminations_pending ON terminations (instance_id) WHERE gone_at IS NULL;

        -- Interrupted spot instances.
        CREATE TABLE interruptions (
            instance_id TEXT PRIMARY KEY, launch_id TEXT NOT NULL, worker_type TEXT NOT NULL,
            region TEXT NOT NULL, availability_zone TEXT NOT NULL, instance_type TEXT NOT NULL,
            reason TEXT NOT NULL, at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX interruptions_by_time ON interruptions (at);
        """

    private static let third = """
        -- Notices of EC2 about instances, foreign instances of the account included.
        CREATE TABLE interruption_notices (
            instance_id TEXT NOT NULL, kind TEXT NOT NULL, region TEXT NOT NULL, at INTEGER NOT NULL,
            received_at INTEGER NOT NULL, PRIMARY KEY (instance_id, kind)
        ) WITHOUT ROWID;
        CREATE INDEX interruption_notices_by_time ON interruption_notices (at);
        """

    private static let second = """
        CREATE TABLE nonces (
            timestamp INTEGER NOT NULL, client_id TEXT NOT NULL, nonce TEXT NOT NULL,
            PRIMARY KEY (timestamp, client_id, nonce)
        ) WITHOUT ROWID;

        -- Instances that used a token which belongs to another one.
        CREATE TABLE refused_claims (
            token_hash BLOB NOT NULL REFERENCES secrets (token_hash) ON DELETE CASCADE, instance_id TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (token_hash, instance_id)
        ) WITHOUT ROWID;
        """

    private static let first = """
        CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), created_at INTEGER NOT NULL);

        -- Definitions; `secrets` is sealed, and NULL when the definition has none.
        CREATE TABLE worker_types (
            name TEXT PRIMARY KEY, definition TEXT NOT NULL, secrets BLOB, last_modified INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- Every worker type that ever was: what tells a removed one from one that this database never knew.
        CREATE TABLE known_worker_types (
            name TEXT PRIMARY KEY, first_seen INTEGER NOT NULL, removed_at INTEGER
        ) WITHOUT ROWID;

        CREATE TABLE iterations (
            id INTEGER PRIMARY KEY AUTOINCREMENT, started_at INTEGER NOT NULL, finished_at INTEGER,
            outcome TEXT, dry_run INTEGER NOT NULL, summary TEXT
        );

        CREATE TABLE launches (
            id TEXT PRIMARY KEY, worker_type TEXT NOT NULL, definition_modified INTEGER NOT NULL,
            iteration INTEGER NOT NULL, region TEXT NOT NULL, availability_zone TEXT NOT NULL,
            instance_type TEXT NOT NULL, capacity INTEGER NOT NULL, market TEXT NOT NULL, mode TEXT NOT NULL,
            spot_price INTEGER NOT NULL, effective_price INTEGER NOT NULL, bid_price INTEGER NOT NULL,
            created_at INTEGER NOT NULL, secret_expires INTEGER NOT NULL, state TEXT NOT NULL,
            instance_id TEXT, spot_request_id TEXT, seen_at INTEGER, missing_since INTEGER,
            checked_in_at INTEGER, ended_at INTEGER, error_code TEXT, error_message TEXT,
            request BLOB
        ) WITHOUT ROWID;
        CREATE INDEX launches_open ON launches (id) WHERE state IN ('stored', 'submitted', 'visible');
        CREATE INDEX launches_by_worker_type ON launches (worker_type, created_at);

        -- The token itself is never stored: a row is found by its hash.
        CREATE TABLE secrets (
            token_hash BLOB PRIMARY KEY, worker_type TEXT NOT NULL, launch_id TEXT REFERENCES launches (id),
            content BLOB, content_mac BLOB NOT NULL, expires INTEGER NOT NULL, fetched_at INTEGER,
            instance_id TEXT
        ) WITHOUT ROWID;
        CREATE INDEX secrets_by_launch ON secrets (launch_id);

        CREATE TABLE decisions (
            iteration INTEGER NOT NULL, worker_type TEXT NOT NULL, json TEXT NOT NULL,
            PRIMARY KEY (iteration, worker_type)
        ) WITHOUT ROWID;

        -- The latest decision of each worker type, with its candidates.
        CREATE TABLE explanations (
            worker_type TEXT PRIMARY KEY, iteration INTEGER NOT NULL, json TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE region_states (region TEXT PRIMARY KEY, fetched_at INTEGER NOT NULL, json TEXT NOT NULL)
            WITHOUT ROWID;

        CREATE TABLE failures (
            subject TEXT PRIMARY KEY, code TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE prices (
            region TEXT NOT NULL, instance_type TEXT NOT NULL, availability_zone TEXT NOT NULL,
            price INTEGER NOT NULL, since INTEGER NOT NULL,
            PRIMARY KEY (region, instance_type, availability_zone)
        ) WITHOUT ROWID;
        CREATE TABLE price_fetches (
            region TEXT PRIMARY KEY, fetched_at INTEGER NOT NULL, instance_types TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE back_offs (
            subject TEXT PRIMARY KEY, until INTEGER NOT NULL, json TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE clients (
            client_id TEXT PRIMARY KEY, access_token BLOB NOT NULL, scopes TEXT NOT NULL, expires INTEGER,
            description TEXT NOT NULL, created_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        """
}
