package import Domain
import Formats
package import FoundationEssentials
import GRDB

/// The definitions of worker types, and the names of present and removed worker types.
package struct WorkerTypeStore: Sendable {
    let database: ProvisionerDatabase

    /// The most worker types that a client of the API can create: each delays every iteration.
    package static let most = 2000

    package enum Creation: Sendable {
        case created(WorkerType)
        /// There is a worker type with this name.
        case exists(WorkerType)
        /// There are `most` already.
        case tooMany
    }

    /// A worker type without its secrets.
    package struct RedactedWorkerType: Sendable {
        /// The worker type. Each of its members `secrets` is empty.
        package let type: WorkerType
        package let hasSecrets: Bool
    }

    package enum Replacement: Sendable {
        case replaced(WorkerType)
        case changedMeanwhile
        case gone
    }

    /// The worker type before and after its definition was applied.
    package struct ApplyResult: Sendable {
        /// Nil for a new worker type.
        package let before: WorkerType?
        package let after: WorkerType

        package var isUnchanged: Bool { before == after }
    }

    /// All worker types, by name.
    package func all() throws -> [WorkerType] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM worker_types ORDER BY name").map { try workerType($0) }
        }
    }

    package func names() throws -> [String] {
        try database.readOnce { db in
            try String.fetchAll(db.makeStatement(sql: "SELECT name FROM worker_types ORDER BY name"))
        }
    }

    package func get(_ name: String) throws -> WorkerType? {
        try database.readOnce { db in try fetch(name, db) }
    }

    /// The names of removed worker types.
    package func removed() throws -> Set<String> {
        try database.read { db in
            try String.fetchSet(
                db,
                sql: """
                    SELECT name FROM known_worker_types
                    WHERE removed_at IS NOT NULL AND name NOT IN (SELECT name FROM worker_types)
                    """)
        }
    }

    /// Stores a new worker type, unless there is a worker type with this name.
    package func create(
        _ name: String, _ definition: WorkerTypeDefinition, by author: Author, now: Date
    ) throws -> Creation {
        try database.write { db in
            if let existing = try fetch(name, db) { return .exists(existing) }
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM worker_types") ?? 0
            guard count < Self.most else { return .tooMany }
            return .created(try save(name, definition, over: nil, by: author, now: now, db))
        }
    }

    /// Replaces the definition of a worker type; nil when there is no such worker type. `lastModified` always grows.
    package func update(
        _ name: String, _ definition: WorkerTypeDefinition, by author: Author, now: Date
    ) throws -> WorkerType? {
        try update(name, by: author, now: now) { _ in definition }
    }

    /// Replaces the definition of a worker type; nil when there is no such worker type.
    ///
    /// - Parameter definition: the definition to store, made from the stored one, which is nil when it cannot be read.
    package func update(
        _ name: String, by author: Author, now: Date,
        definition: (WorkerType?) throws -> WorkerTypeDefinition
    ) throws -> WorkerType? {
        try write { db, callersErrors in
            guard let existing = try existing(name, db) else { return nil }
            let definition = try callersErrors.keep { try definition(existing.type) }
            return try save(name, definition, over: existing, by: author, now: now, db)
        }
    }

    /// Replaces a definition that a person has edited. Refuses when it was changed or removed meanwhile.
    package func replace(
        _ seen: WorkerType, with definition: WorkerTypeDefinition, by author: Author, now: Date
    ) throws -> Replacement {
        try database.write { db in
            guard let existing = try fetch(seen.name, db) else { return .gone }
            guard existing.lastModified == seen.lastModified else { return .changedMeanwhile }
            return .replaced(
                try save(seen.name, definition, over: Existing(existing), by: author, now: now, db))
        }
    }

    /// Creates or updates several worker types: all or none.
    ///
    /// - Parameters:
    ///   - definitions: the definition to store, made from the stored worker type.
    ///   - dryRun: whether nothing is stored.
    package func apply(
        _ definitions: [(name: String, definition: (WorkerType?) throws -> WorkerTypeDefinition)],
        dryRun: Bool = false, by author: Author, now: Date
    ) throws -> [ApplyResult] {
        try write { db, callersErrors in
            try definitions.map { item in
                let existing = try existing(item.name, db)
                let definition = try callersErrors.keep { try item.definition(existing?.type) }
                return try apply(item.name, definition, over: existing, dryRun, by: author, now: now, db)
            }
        }
    }

    /// The error of a closure of the caller.
    private final class CallersErrors {
        private(set) var error: (any Error)?

        func keep<Value>(_ work: () throws -> Value) throws -> Value {
            do {
                return try work()
            } catch {
                self.error = error
                throw error
            }
        }
    }

    /// Writes in one transaction. Throws an error of the caller's closure unchanged, and not as a `StorageError`.
    private func write<Value>(_ body: (Database, CallersErrors) throws -> Value) throws -> Value {
        let errors = CallersErrors()
        do {
            return try database.write { db in try body(db, errors) }
        } catch {
            throw errors.error ?? error
        }
    }

    private func apply(
        _ name: String, _ definition: WorkerTypeDefinition, over existing: Existing?, _ dryRun: Bool,
        by author: Author, now: Date, _ db: Database
    ) throws -> ApplyResult {
        if let type = existing?.type, type.definition == definition {
            return ApplyResult(before: type, after: type)
        }
        let after =
            dryRun
            ? WorkerType(name: name, definition: definition, lastModified: now)
            : try save(name, definition, over: existing, by: author, now: now, db)
        return ApplyResult(before: existing?.type, after: after)
    }

    /// Removes a worker type. Its name stays, so that its instances can be attributed to this database.
    ///
    /// - Returns: whether there was such a worker type.
    @discardableResult
    package func remove(_ name: String, by author: Author, now: Date) throws -> Bool {
        try database.write { db in
            // A worker type that cannot be read can be removed.
            let existing = try? fetch(name, db)
            try db.execute(sql: "DELETE FROM worker_types WHERE name = ?", arguments: [name])
            guard db.changesCount > 0 else { return false }
            try database.audit.add(
                .removed, .workerType, name, workerType: name,
                before: try existing.map { try database.audit.redactedDocument(of: $0) }, by: author,
                now: now, db)
            try db.execute(
                sql: "UPDATE known_worker_types SET removed_at = ? WHERE name = ?",
                arguments: [now.milliseconds, name])
            try db.execute(sql: "DELETE FROM explanations WHERE worker_type = ?", arguments: [name])
            try db.execute(sql: "DELETE FROM demand_records WHERE worker_type = ?", arguments: [name])
            return true
        }
    }

    /// The most stored names of removed worker types.
    package static let mostRemovedNames = 10_000

    private func fetch(_ name: String, _ db: Database) throws -> WorkerType? {
        try row(name, db).map { try workerType($0) }
    }

    private func row(_ name: String, _ db: Database) throws -> Row? {
        try Row.fetchOne(db, sql: "SELECT * FROM worker_types WHERE name = ?", arguments: [name])
    }

    /// A stored worker type that is to be replaced.
    private struct Existing {
        /// Nil when it cannot be read, which does not prevent its replacement.
        let type: WorkerType?
        let lastModified: Date

        init(_ type: WorkerType) {
            self.type = type
            lastModified = type.lastModified
        }

        init(unreadable row: Row) {
            type = nil
            lastModified = Date(milliseconds: row["last_modified"])
        }
    }

    private func existing(_ name: String, _ db: Database) throws -> Existing? {
        guard let row = try row(name, db) else { return nil }
        do {
            return Existing(try workerType(row))
        } catch StorageError.corrupt {
            return Existing(unreadable: row)
        }
    }

    /// Stores a definition in place of the existing one, and adds it to the audit log.
    private func save(
        _ name: String, _ definition: WorkerTypeDefinition, over existing: Existing?, by author: Author,
        now: Date, _ db: Database
    ) throws -> WorkerType {
        let earliest = existing?.lastModified.addingTimeInterval(0.001) ?? .distantPast
        let type = WorkerType(
            name: name, definition: definition, lastModified: max(now.wholeMilliseconds, earliest))
        try database.audit.add(
            existing == nil ? .created : .updated, .workerType, name, workerType: name,
            before: try existing?.type.map { try database.audit.redactedDocument(of: $0) },
            after: try database.audit.redactedDocument(of: type), by: author, now: now, db)
        try save(type, db)
        return type
    }

    private func save(_ type: WorkerType, _ db: Database) throws {
        let (open, secrets) = type.definition.splittingSecrets()
        let sealed = try secrets.map { try database.seal($0, table: "worker_types", row: type.name) }
        try db.execute(
            sql: """
                INSERT INTO worker_types (name, definition, secrets, last_modified) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, secrets = excluded.secrets,
                    last_modified = excluded.last_modified
                """,
            arguments: [
                type.name, try JSONCoding.encode(open.json), sealed, type.lastModified.milliseconds,
            ])
        try db.execute(
            sql: """
                INSERT INTO known_worker_types (name, first_seen) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET removed_at = NULL
                """, arguments: [type.name, type.lastModified.milliseconds])
    }

    func workerType(_ row: Row, opening: Bool = true) throws -> WorkerType {
        let name: String = row["name"]
        let text: String = row["definition"]
        let document = try JSONCoding.parse(text.utf8, what: "worker type \(name)")
        var definition: WorkerTypeDefinition
        do {
            definition = try WorkerTypeDefinition(stored: document)
        } catch {
            throw StorageError.corrupt(what: "worker type \(name)", reason: "\(error)")
        }
        if opening, let sealed: Data = row["secrets"] {
            definition.restore(
                try WorkerTypeSecrets(
                    stored: try database.openDocument(sealed, table: "worker_types", row: name)))
        }
        return WorkerType(
            name: name, definition: definition, lastModified: Date(milliseconds: row["last_modified"]))
    }
}
