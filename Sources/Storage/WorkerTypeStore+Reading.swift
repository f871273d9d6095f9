package import Domain
import GRDB

extension WorkerTypeStore {
    /// A worker type whose stored definition cannot be read.
    package struct Unreadable: Hashable, Sendable {
        package let name: String
        package let reason: String
    }

    /// Readable and unreadable worker types, by name.
    ///
    /// - Throws: also when no sealed worker type and no client opens, which means that the key is wrong.
    package func readable() throws -> (types: [WorkerType], unreadable: [Unreadable]) {
        let rows = try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM worker_types ORDER BY name")
        }
        var sealing: StorageError?
        var opensSome = false
        let read = try Self.separate(rows) { row in
            do {
                let type = try workerType(row)
                opensSome = opensSome || row["secrets"] != nil
                return type
            } catch let error as StorageError {
                if case .sealing = error { sealing = sealing ?? error }
                throw error
            }
        }
        if let sealing, !opensSome, !(try database.clients.opensAnAccessToken()) { throw sealing }
        return (read.values, read.unreadable)
    }

    /// Worker types without their secrets, by name. Needs no encryption key.
    ///
    /// - Parameter name: the only worker type to read; nil for all.
    package func withoutSecrets(
        _ name: String? = nil
    ) throws -> (types: [RedactedWorkerType], unreadable: [Unreadable]) {
        let rows = try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM worker_types WHERE ?1 IS NULL OR name = ?1 ORDER BY name",
                arguments: [name])
        }
        let read = try Self.separate(rows) { row in
            RedactedWorkerType(type: try workerType(row, opening: false), hasSecrets: row["secrets"] != nil)
        }
        return (read.values, read.unreadable)
    }

    /// The owners of the worker types, by name. A definition that cannot be read has none.
    package func owners() throws -> [String: String] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT name, definition ->> '$.owner' AS owner FROM worker_types
                    WHERE json_valid(definition) AND json_type(definition, '$.owner') = 'text'
                    """
            ).reduce(into: [:]) { $0[$1["name"]] = $1["owner"] as String }
        }
    }

    /// One worker type without its secrets; nil when it does not exist. Needs no encryption key.
    ///
    /// - Throws: also when its stored definition cannot be read.
    package func withoutSecrets(of name: String) throws -> RedactedWorkerType? {
        let stored = try withoutSecrets(name)
        if let bad = stored.unreadable.first {
            throw StorageError.corrupt(what: "worker type \(bad.name)", reason: bad.reason)
        }
        return stored.types.first
    }

    /// Reads each row. An unreadable row does not affect the others.
    private static func separate<Value>(
        _ rows: [Row], _ read: (Row) throws -> Value
    ) throws -> (values: [Value], unreadable: [Unreadable]) {
        var values: [Value] = []
        var unreadable: [Unreadable] = []
        for row in rows {
            do {
                values.append(try read(row))
            } catch let error as StorageError {
                unreadable.append(Unreadable(name: row["name"], reason: error.reason))
            }
        }
        return (values, unreadable)
    }
}
