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
            the setting workerScopes. `client narrow-issuer` sets the same scopes for an existing issuer.
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "As JSON.") var json = false

    func run() throws {
        var steps: [(outcome: String, what: String)] = []
        func note(_ made: Bool, _ what: String) {
            steps.append((made ? "made" : "kept", what))
            if !json { Terminal.print("\(made ? "made" : "kept") \(what)") }
        }
        let deployment = try common.deployment()
        let settings = deployment.settings
        try DatabaseLocation(settings).check()
        let keyFile = deployment.encryptionKeyFile
        let key: EncryptionKey
        if settings.encryptionKey != nil || access(keyFile, F_OK) == 0 {
            key = try deployment.encryptionKey()
        } else {
            guard access(settings.database, F_OK) != 0 else {
                throw CommandFailure(
                    .configuration,
                    "the database \(settings.database) is there and its key \(keyFile) is not: "
                        + "restore the key; a new one could not open the secrets")
            }
            key = try EncryptionKeyFile.create(at: keyFile)
            note(true, keyFile)
        }
        let isNew = access(settings.database, F_OK) != 0
        let database = try ProvisionerDatabase(path: settings.database, key: key, create: true)
        note(isNew, settings.database)
        let token = try SlugID.pair { try SecureRandom.bytes($0) }
        let issuer = ClientRecord(
            clientId: ClientStore.issuer, scopes: settings.issuerScopes, expires: nil,
            description: "Issues the temporary credentials of workers", createdAt: Date().wholeMilliseconds)
        let added = try database.clients.add(issuer, accessToken: token, by: .operator(by: "init"))
        note(added, "client \(ClientStore.issuer)")
        if json {
            try Terminal.print(
                json:
                    .array(steps.map { ["outcome": .string($0.outcome), "what": .string($0.what)] }))
        }
    }
}
