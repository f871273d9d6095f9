extension Schema {
    static let declarations = """
        -- The declarations to the Queue: `declared_at` is NULL when the Queue refused one.
        CREATE TABLE queue_declarations (
            kind TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, declared_at INTEGER,
            due_at INTEGER NOT NULL, PRIMARY KEY (kind, name)
        ) WITHOUT ROWID;
        """
}
