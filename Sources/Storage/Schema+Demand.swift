extension Schema {
    static let demandRecords = """
        -- The demand of a worker type in its earlier iterations. `iteration` is the last one with demand: the moving
        -- averages of the later ones follow from it.
        CREATE TABLE demand_records (
            worker_type TEXT PRIMARY KEY, iteration INTEGER NOT NULL, share REAL NOT NULL, average REAL NOT NULL,
            unmet INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    static let claimedTasks = """
        ALTER TABLE demand_records ADD COLUMN unclaimed INTEGER NOT NULL DEFAULT 0;

        -- Worker types whose claimed tasks the Queue does not report.
        CREATE TABLE missing_task_counts (worker_type TEXT PRIMARY KEY, checked_at INTEGER NOT NULL) WITHOUT ROWID;
        """
}
