extension Schema {
    /// Decisions in tables with row ids. A row of about 1,300 bytes fits into their pages, of which a table WITHOUT ROWID
    /// keeps at most 1,002 bytes of a row: the rest of each decision took a page of 4,096 bytes.
    static let decisionRows = """
        CREATE TABLE new_decisions (
            iteration INTEGER NOT NULL, worker_type TEXT NOT NULL, json TEXT NOT NULL,
            PRIMARY KEY (iteration, worker_type)
        );
        INSERT INTO new_decisions SELECT iteration, worker_type, json FROM decisions ORDER BY iteration, worker_type;
        DROP TABLE decisions;
        ALTER TABLE new_decisions RENAME TO decisions;
        CREATE INDEX decisions_by_worker_type ON decisions (worker_type, iteration);

        CREATE TABLE new_explanations (
            worker_type TEXT PRIMARY KEY NOT NULL, iteration INTEGER NOT NULL, json TEXT NOT NULL
        );
        INSERT INTO new_explanations SELECT worker_type, iteration, json FROM explanations ORDER BY worker_type;
        DROP TABLE explanations;
        ALTER TABLE new_explanations RENAME TO explanations;
        """
}
