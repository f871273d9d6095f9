import ArgumentParser
import Configuration
import Cryptography
import Domain
import Formats
import FoundationEssentials
import Glibc
import Platform
import Storage

struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create the database, its encryption key and the issuer of worker credentials.",
        discussion: """
            Safe to repeat: existing parts are kept. The issuer gets the scopes of workers' identities and the scopes of \
            the setting workerScopes. `client narrow-issuer` sets the same scopes for an existing issuer. The database \
            keeps its provisionerId: with another one in the settings, every command refuses it.

            Example: aws-provisioner init --database /var/lib/aws-provisioner/provisioner.sqlite
            """)

    @OptionGroup var common: CommonOptions
    @Flag(
        help: """
            Change the provisionerId of an existing database to that of the settings. Instances with the former one are \
            no longer managed.
            """)
    var adoptProvisionerId = false
    @OptionGroup var json: JSONOption

    func run() throws {
        var steps: [(outcome: String, what: String)] = []
        func note(_ outcome: String, _ what: String) {
            steps.append((outcome, what))
            if !json.isSet { Terminal.print("\(outcome) \(what)") }
        }
        func note(_ made: Bool, _ what: String) { note(made ? "made" : "kept", what) }
        let deployment = try common.deployment()
        let settings = deployment.settings
        try DatabaseLocation(settings).check()
        let keyFile = deployment.encryptionKeyFile
        let key: EncryptionKey
        if settings.encryptionKey != nil || access(keyFile, F_OK) == 0 {
            key = try deployment.encryptionKey()
        } else {
            guard access(settings.database, F_OK) != 0 else {
                try DatabaseFile.checkKind(settings.database)
                throw CommandFailure(
                    .configuration,
                    "the database \(settings.database) is there and its key \(keyFile) is not: "
                        + "restore the key; a new one could not open the secrets")
            }
            key = try EncryptionKeyFile.create(at: keyFile)
            note(true, keyFile)
        }
        let isNew = access(settings.database, F_OK) != 0
        let database = try ProvisionerDatabase(
            path: settings.database, key: key, create: true, schemaUpdate: .appliedAfterCopy)
        let stored = try database.provisionerId()
        if !adoptProvisionerId { try deployment.requireSameProvisionerId(stored) }
        if let copy = database.copyBeforeUpdate { note(true, copy) }
        note(isNew, settings.database)
        try database.setProvisionerId(settings.provisionerId, by: .operator(by: "init"), now: Date())
        if let stored, stored != settings.provisionerId {
            note("changed", "provisionerId \(stored) to \(settings.provisionerId)")
        }
        let token = try SlugID.pair { try SecureRandom.bytes($0) }
        let issuer = ClientRecord(
            clientId: ClientStore.issuer, scopes: settings.issuerScopes, expires: nil,
            description: "Issues the temporary credentials of workers", createdAt: Date().wholeMilliseconds)
        let added = try database.clients.add(issuer, accessToken: token, by: .operator(by: "init"))
        note(added, "client \(ClientStore.issuer)")
        if json.isSet {
            try Terminal.print(document: [
                "steps": .array(
                    steps.map { ["outcome": .string($0.outcome), "subject": .string($0.what)] })
            ])
        }
    }
}
