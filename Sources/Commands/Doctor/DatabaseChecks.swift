import Configuration
import Cryptography
import Domain
import Formats
import FoundationEssentials
import Glibc
import Platform
import Storage
import Taskcluster

/// Looks at what lies on the disk: the database and its key.
struct DatabaseChecks {
    let deployment: DeploymentContext

    private var settings: Settings { deployment.settings }

    private typealias StoredWorkerTypes = (
        types: [WorkerTypeStore.RedactedWorkerType], unreadable: [WorkerTypeStore.Unreadable]
    )

    /// The findings, and the database where it can be opened.
    func findings() -> (findings: [Finding], database: ProvisionerDatabase?) {
        var found: [Finding] = []
        var encryptionKey: EncryptionKey?
        do {
            encryptionKey = try deployment.encryptionKey()
        } catch {
            found.append(.failed("key", "\(error)", .configuration))
        }
        let opened: ProvisionerDatabase
        do {
            opened = try ProvisionerDatabase(
                path: settings.database, key: encryptionKey, schemaUpdate: .refused)
            try deployment.requireSameProvisionerId(opened.provisionerId())
        } catch {
            let exit = (error as? StorageError)?.exit ?? .configuration
            return ([.failed("database", "\(error)", exit)] + found, nil)
        }
        let stored = Result { try opened.workerTypes.withoutSecrets() }
        let file = database(opened, stored)
        if found.isEmpty { found.append(key(opened)) }
        if settings.auth == .local { found += issuer(opened) }
        found += refusedClaims(opened)
        let types = (try? stored.get())?.types.map(\.type) ?? []
        found += metadata(types) + unmanagedRegions(types)
        return ([file] + found, opened)
    }

    private func database(
        _ database: ProvisionerDatabase, _ stored: Result<StoredWorkerTypes, any Error>
    ) -> Finding {
        do {
            if let problem = try database.integrityProblems().first {
                return .failed(
                    "database",
                    "\(settings.database) is damaged: \(problem): restore a backup with `aws-provisioner restore`",
                    .dataError)
            }
            guard access(settings.database, W_OK) == 0 else {
                return .failed(
                    "database", "\(settings.database) may not be written by this user", .noPermission)
            }
            var status = stat()
            if stat(settings.database, &status) == 0, status.st_mode & 0o007 != 0 {
                return .note(
                    "database",
                    "every user may read \(settings.database), which contains scopes and sealed secrets")
            }
            let (types, unreadable) = try stored.get()
            if let bad = unreadable.first {
                return .failed(
                    "database",
                    "the worker type \(bad.name) cannot be read: \(bad.reason): store it again or remove it",
                    .dataError)
            }
            let size = (Double(try database.size()) / 1e6).formatted(decimals: 1)
            return .ok("database", "\(settings.database): \(types.count) worker types, \(size) MB, sound")
        } catch {
            return .failed("database", "\(error)", (error as? StorageError)?.exit ?? .software)
        }
    }

    /// Advice: the regions of worker types in which nothing is launched.
    private func unmanagedRegions(_ types: [WorkerType]) -> [Finding] {
        let managed = Set(settings.regions)
        let users = types.compactMap { type -> String? in
            let regions = type.definition.regions.map(\.region).filter { !managed.contains($0) }
            return regions.isEmpty ? nil : "\(regions.joined(separator: ", ")) (\(type.name))"
        }
        if users.isEmpty || managed.isEmpty { return [] }
        return [
            .note(
                "unmanaged regions",
                "nothing is launched in \(users.joined(separator: "; ")): add the regions to the setting regions"
            )
        ]
    }

    /// Advice: the worker types whose instances may accept IMDSv1.
    private func metadata(_ types: [WorkerType]) -> [Finding] {
        let names = types.filter { settings.rules.metadataTokens.allowsVersion1($0.definition) }.map(\.name)
        if names.isEmpty { return [] }
        return [
            .note(
                "instance metadata",
                "instances of \(names.joined(separator: ", ")) may accept IMDSv1; if their workers use IMDSv2, set metadataTokens to required"
            )
        ]
    }

    /// Whether the issuer of worker credentials has only the scopes that workers need.
    private func issuer(_ database: ProvisionerDatabase) -> [Finding] {
        guard let clients = try? database.clients.list(),
            let issuer = clients.first(where: { $0.clientId == ClientStore.issuer })
        else { return [] }
        let excess = Scopes(settings.issuerScopes).missing(of: issuer.scopes)
        if excess.isEmpty {
            return [.ok("issuer", "\(issuer.clientId): \(issuer.scopes.count) scopes, all of workers")]
        }
        return [
            .note(
                "issuer",
                "\(issuer.clientId) has \(excess.joined(separator: ", ")), which workers do not need: run "
                    + "`aws-provisioner client narrow-issuer`, and name what they need in workerScopes")
        ]
    }

    /// The instances that used the token of another instance. A worker with a copied token may be an intruder.
    private func refusedClaims(_ database: ProvisionerDatabase) -> [Finding] {
        let claims: [RefusedClaim]
        do {
            claims = try database.secrets.refusedClaims()
        } catch {
            return [.failed("tokens", "\(error)", (error as? StorageError)?.exit ?? .software)]
        }
        guard let latest = claims.first else { return [] }
        return [
            .note(
                "tokens",
                "refused uses of another instance's token: \(claims.count), the last at \(latest.at.timestamp): "
                    + "\(latest.instanceId) used the token of \(latest.owner) (\(latest.workerType)). Check "
                    + "both instances, and replace the secrets of the worker type if a token was copied")
        ]
    }

    /// Whether the key is the one that secrets were sealed with.
    private func key(_ database: ProvisionerDatabase) -> Finding {
        let origin = settings.encryptionKey == nil ? deployment.encryptionKeyFile : "from the settings"
        do {
            for client in try database.clients.list() { _ = try database.clients.get(client.clientId) }
            _ = try database.workerTypes.readable()
            return .ok("key", "\(origin): opens what is sealed")
        } catch {
            return .failed("key", "\(origin): \(error)", .configuration)
        }
    }
}
