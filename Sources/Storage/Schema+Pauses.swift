extension Schema {
    static let pauses = """
        -- The pauses of operators: `until` is NULL for a pause that only `resume` ends.
        CREATE TABLE pauses (
            kind TEXT NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, author TEXT NOT NULL,
            reason TEXT, PRIMARY KEY (kind, name)
        ) WITHOUT ROWID;
        """
}
