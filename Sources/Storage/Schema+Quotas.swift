extension Schema {
    static let quotas = """
        -- The vCPU quotas of the account, as of the last read of each region.
        CREATE TABLE vcpu_quotas (
            region TEXT NOT NULL, market TEXT NOT NULL, class TEXT NOT NULL, vcpus INTEGER NOT NULL,
            PRIMARY KEY (region, market, class)
        ) WITHOUT ROWID;
        CREATE TABLE quota_reads (
            region TEXT PRIMARY KEY, read_at INTEGER NOT NULL, next_read INTEGER NOT NULL, failure TEXT
        ) WITHOUT ROWID;

        -- NULL for instance types that EC2 does not know.
        CREATE TABLE instance_type_sizes (instance_type TEXT PRIMARY KEY, vcpus INTEGER) WITHOUT ROWID;
        """
}
