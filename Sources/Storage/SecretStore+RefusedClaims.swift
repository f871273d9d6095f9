package import Domain
import Formats
import FoundationEssentials
import GRDB

extension SecretStore {
    /// The instances that used the token of another instance, the latest first. They are kept as long as the token.
    package func refusedClaims() throws -> [RefusedClaim] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT claims.instance_id, secrets.instance_id AS owner, secrets.worker_type, claims.at
                    FROM refused_claims AS claims JOIN secrets USING (token_hash)
                    WHERE secrets.instance_id IS NOT NULL
                    ORDER BY claims.at DESC, claims.instance_id
                    """
            ).map { row in
                RefusedClaim(
                    instanceId: row["instance_id"], owner: row["owner"], workerType: row["worker_type"],
                    at: Date(milliseconds: row["at"]))
            }
        }
    }
}
