extension Schema {
    /// Indexes by the times that retention and the queries of the last iterations compare. Without them every iteration
    /// reads whole tables.
    static let retentionIndexes = """
        CREATE INDEX iterations_by_start ON iterations (started_at);
        CREATE INDEX iterations_by_end ON iterations (finished_at);
        CREATE INDEX iterations_by_outcome ON iterations (outcome, id) WHERE dry_run = 0;
        CREATE INDEX launches_by_end ON launches (ended_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX secrets_by_expiry ON secrets (expires) WHERE content IS NOT NULL;
        CREATE INDEX secrets_of_clients ON secrets (expires) WHERE launch_id IS NULL;
        CREATE INDEX worker_credentials_by_expiry ON worker_credentials (expires);
        CREATE INDEX terminations_by_time ON terminations (last_asked_at);
        CREATE INDEX interruption_notices_by_receipt ON interruption_notices (received_at);
        """
}
