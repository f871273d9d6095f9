import FoundationEssentials
import GRDB

/// The tables, and the migrations that create them.
enum Schema {
    private struct Migration: Sendable {
        /// The name that databases record.
        let name: String
        let apply: @Sendable (Database, Sealer) throws -> Void
    }

    /// The migrations in their order. The number of a migration is its place in this list, from 1. The recorded names
    /// of the first migrations begin with another number. A released migration never changes.
    private static let migrations = [
        Migration(name: "1: worker types, secrets, launches, iterations") { db, _ in
            try db.execute(sql: initialTables)
            try db.execute(
                sql: """
                    INSERT INTO meta (id, created_at)
                    VALUES (1, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
                    """)
        },
        Migration(name: "2: nonces, refused claims") { db, _ in try db.execute(sql: nonces) },
        Migration(name: "3: interruption notices") { db, _ in try db.execute(sql: interruptionNotices) },
        Migration(name: "4: terminations, interruptions, lifetimes of instances") { db, _ in
            try db.execute(sql: terminations)
        },
        Migration(name: "6: history, counters") { db, _ in try db.execute(sql: history) },
        Migration(name: "7: audit") { db, _ in try db.execute(sql: audit) },
        Migration(name: "8: interruptions counted by their rows") { db, _ in
            try db.execute(sql: interruptionCounter)
        },
        Migration(name: "9: bound seals, nonce horizon, worker credentials") { db, sealer in
            try db.execute(sql: boundSeals)
            try bindSeals(db, sealer)
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
        Migration(name: "15: fingerprints of definitions") { db, _ in
            try db.execute(sql: "ALTER TABLE launches ADD COLUMN definition TEXT")
        },
        Migration(name: "16: indexes for retention") { db, _ in try db.execute(sql: retentionIndexes) },
        Migration(name: "17: provisionerId of the database") { db, _ in
            try db.execute(sql: "ALTER TABLE meta ADD COLUMN provisioner_id TEXT")
        },
        Migration(name: "18: decisions with row ids") { db, _ in try db.execute(sql: decisionRows) },
        Migration(name: "19: last submissions of launches") { db, _ in
            try db.execute(sql: "ALTER TABLE launches ADD COLUMN submitted_at INTEGER")
        },
        Migration(name: "20: platforms of images, prices and launches") { db, _ in
            try db.execute(sql: platforms)
        },
        Migration(name: "21: on-demand prices") { db, _ in
            try db.execute(
                sql: """
                    CREATE TABLE on_demand_prices (
                        region TEXT NOT NULL, platform TEXT NOT NULL, instance_type TEXT NOT NULL,
                        price INTEGER NOT NULL, PRIMARY KEY (region, platform, instance_type)
                    ) WITHOUT ROWID
                    """)
        },
        Migration(name: "22: pauses") { db, _ in try db.execute(sql: pauses) },
        Migration(name: "23: images of SSM parameters") { db, _ in try db.execute(sql: imageParameters) },
        Migration(name: "24: records of demand") { db, _ in try db.execute(sql: demandRecords) },
        Migration(name: "25: problems and notifications") { db, _ in try db.execute(sql: notifications) },
        Migration(name: "26: claimed tasks") { db, _ in try db.execute(sql: claimedTasks) },
        Migration(name: "27: spend by day") { db, _ in
            try db.execute(
                sql: "CREATE TABLE spend_by_day (day INTEGER PRIMARY KEY, usd REAL NOT NULL)")
        },
        Migration(name: "28: vCPU quotas") { db, _ in try db.execute(sql: quotas) },
    ]

    /// The number of the last migration. `PRAGMA user_version` contains it after all migrations and no others were
    /// applied, so that a process need not read the table with their names.
    static var version: Int32 { Int32(migrations.count) }

    /// - Parameter sealer: opens and seals values for the migration that binds seals to their rows.
    static func migrator(_ sealer: Sealer = Sealer(key: nil)) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { db in try migration.apply(db, sealer) }
        }
        return migrator
    }

    private static let audit = """
        -- Changes and their authors. Definitions are stored without the values of their secrets.
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, author TEXT NOT NULL, means TEXT NOT NULL,
            action TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, worker_type TEXT, before TEXT,
            after TEXT, note TEXT
        );
        CREATE INDEX audit_by_worker_type ON audit (worker_type, id);
        CREATE INDEX audit_by_time ON audit (at);
        """

    private static let auditSizes = """
        -- The size of `before` and `after` in bytes. The index contains it without the documents.
        ALTER TABLE audit ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
        UPDATE audit SET
            size = COALESCE(length(CAST(before AS BLOB)), 0) + COALESCE(length(CAST(after AS BLOB)), 0);
        CREATE INDEX audit_documents ON audit (id, size) WHERE size > 0;
        """

    private static let terminations = """
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

    private static let interruptionNotices = """
        -- Notices of EC2 about instances, foreign instances of the account included.
        CREATE TABLE interruption_notices (
            instance_id TEXT NOT NULL, kind TEXT NOT NULL, region TEXT NOT NULL, at INTEGER NOT NULL,
            received_at INTEGER NOT NULL, PRIMARY KEY (instance_id, kind)
        ) WITHOUT ROWID;
        CREATE INDEX interruption_notices_by_time ON interruption_notices (at);
        """

    private static let nonces = """
        CREATE TABLE nonces (
            timestamp INTEGER NOT NULL, client_id TEXT NOT NULL, nonce TEXT NOT NULL,
            PRIMARY KEY (timestamp, client_id, nonce)
        ) WITHOUT ROWID;

        -- Instances that used the token of another instance.
        CREATE TABLE refused_claims (
            token_hash BLOB NOT NULL REFERENCES secrets (token_hash) ON DELETE CASCADE, instance_id TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (token_hash, instance_id)
        ) WITHOUT ROWID;
        """

    private static let initialTables = """
        CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), created_at INTEGER NOT NULL);

        -- `secrets` is sealed, and NULL when the definition has none.
        CREATE TABLE worker_types (
            name TEXT PRIMARY KEY, definition TEXT NOT NULL, secrets BLOB, last_modified INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- The names of all present and removed worker types. Instances of other worker types are not of this database.
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

        -- The hash of a token identifies its secret. The token itself is never stored.
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
