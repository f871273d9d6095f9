import ArgumentParser
import Configuration
import Domain
import Formats
import FoundationEssentials
import Glibc
import Platform
import Provisioning
import Storage

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Replace the database by a copy that `backup` made.",
        discussion: """
            Stop cron and the web server first. The copy is checked, and brought up to date when an older version made \
            it; the replaced database is kept beside it under a name with the time. All secrets of the copy that \
            workers have not fetched are dropped, because workers may have fetched them since: instances that still \
            need one are terminated and replaced. With --keep-secrets, a secret stays unless the replaced database \
            shows that it was fetched, removed or expired; where that database cannot be read, all secrets stay. \
            Clients that were removed since the backup are back: remove them again.

            Example: aws-provisioner restore /var/backups/aws-provisioner/monday.sqlite
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The copy.", completion: .file()) var file: String
    @Flag(help: "Keep secrets that were not fetched or removed since.") var keepSecrets = false
    @Flag(help: "Do not ask for confirmation. Required without a terminal.") var yes = false
    @OptionGroup var json: JSONOption

    func run() throws {
        let deployment = try common.deployment()
        let settings = deployment.settings
        guard access(file, F_OK) == 0 else {
            throw CommandFailure(.noInput, "\(file): \(AccessDenial.reason(path: file, code: errno))")
        }
        let key = try deployment.encryptionKey()
        let lock = try IterationLock(database: settings.database, now: Date())
        let restoration = try DatabaseRestoration(of: file, over: settings.database, key: key)
        try deployment.requireSameProvisionerId(restoration.provisionerId)
        try confirm(restoration, settings.database)
        let result = try restoration.replace(
            keepingSecrets: keepSecrets, by: .operator(by: "restore"), now: Date())
        _ = consume lock
        let report = RestoreReport(file: file, restoration: restoration, result: result)
        if json.isSet { try Terminal.print(document: report.json) } else { Terminal.print(report.lines) }
    }

    private func confirm(_ restoration: DatabaseRestoration, _ path: String) throws {
        if yes { return }
        let change = restoration.lastChange.map { ", last changed at \($0.timestamp)" } ?? ""
        let question =
            "Replace \(path) by \(file) (\(restoration.workerTypes.count) worker types\(change))?"
        guard Terminal.isInteractive else {
            throw CommandFailure(.usage, "\(question) Say so with --yes: there is no terminal to ask")
        }
        try Terminal.requireConfirmation(TerminalText(question))
    }
}

/// What a restoration did, and what is left to the operator.
struct RestoreReport {
    let file: String
    let restoration: DatabaseRestoration
    let result: DatabaseRestoration.Result

    var lines: [TerminalText] {
        var lines: [TerminalText] = [
            "restored \(file): \(restoration.workerTypes.count) worker types, \(restoration.clients.count) clients"
        ]
        if let replaced = result.replaced { lines.append("the replaced database is \(replaced)") }
        lines.append("secrets: \(result.secretsDropped) dropped, \(result.secretsKept) kept")
        if result.secretsKept > 0, !result.comparesSecrets {
            lines.append("no database could be read to compare: a kept secret may have been fetched before")
        }
        var table = TextTable(
            "client", "replaced database", .init("scopes", .truncated), "created", "expires")
        for client in restoration.clients {
            table.add(
                client.record.clientId, client.state.rawValue,
                SafeText.cut(client.record.scopes.joined(separator: " ")),
                client.record.createdAt.timestamp, client.record.expires?.timestamp ?? "never")
        }
        if !table.isEmpty { lines += [""] + table.shown() }
        let removed = restoration.clients.filter { $0.state == .missing }.map(\.record.clientId)
        if !removed.isEmpty {
            lines += [
                "", "clients that the replaced database does not have; if you removed them, do it again:",
            ]
            lines += removed.map { "  aws-provisioner client remove -- \(ShellWord.quoted($0))" }
        }
        return lines
    }

    var json: JSONObject {
        [
            "file": .string(file), "replaced": result.replaced.map(JSONValue.string) ?? .null,
            "workerTypes": .array(restoration.workerTypes.map { ["workerType": .string($0)] }),
            "secretsDropped": .integer(Int64(result.secretsDropped)),
            "secretsKept": .integer(Int64(result.secretsKept)),
            "comparedSecrets": .bool(result.comparesSecrets),
            "clients": .array(
                restoration.clients.map { client in
                    var object = client.record.json.objectValue ?? [:]
                    object["replacedDatabase"] = .string(client.state.rawValue)
                    return .object(object)
                }),
        ]
    }
}
