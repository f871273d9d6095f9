import Domain
import Formats
import Foundation
import TestSupport
import Testing

/// Mistakes in paths, and empty arguments.
extension MistakeTests {
    @Test("that leaves an argument empty is refused before a file is written")
    func emptyArguments() async throws {
        let deployment = try await Deployment()
        for arguments in [
            ["man", ""], ["backup", ""], ["restore", "", "--yes"], ["demo", "--database", ""],
            ["init", "--database", ""], ["status", "--config", ""], ["simulate", "--html", ""],
            ["simulate", "--record", ""], ["worker-type", "apply", ""], ["import", ""],
            ["client", "remove", ""], ["region", "forget", ""], ["hold", "clear", ""], ["schema", ""],
            ["terminate", "i-0123abcd", ""],
        ] {
            let place = arguments.last == "" ? arguments.dropLast().last : arguments.first
            try await expect(deployment, arguments, 64, "the argument after \(place ?? "") is empty")
        }
        try await expect(deployment, ["status", "--database="], 64, "--database has an empty value")
        try await expect(deployment, ["client", "add", "x", "--description", ""], 0, "accessToken")
    }

    @Test("in a path is reported with its reason")
    func paths() async throws {
        let deployment = try await Deployment()
        let folder = deployment.folder.path
        let missing = deployment.folder.file("missing")
        for (arguments, status, message) in [
            (["man", missing], 73, "aws-provisioner.1: cannot be written: No such file or directory"),
            (
                ["simulate", "--hours", "1", "--html", folder], 73,
                "\(folder): cannot be written: Is a directory"
            ),
            (["restore", missing, "--yes"], 66, "\(missing): No such file or directory"),
            (["restore", folder, "--yes"], 65, "it is no regular file"),
            (["worker-type", "apply", folder], 65, "Is a directory"),
            (["import", folder], 65, "Is a directory"),
            (["simulate", "--prices", folder], 65, "Is a directory"),
            (["worker-type", "validate", missing], 66, "No such file or directory"),
            (["status", "--config", folder], 78, "Is a directory"),
        ] as [([String], Int32, String)] {
            try await expect(deployment, arguments, status, message)
        }
        try await expect(
            deployment, ["simulate", "--hours", "1", "--html", "/dev/stdout"], 0, "</html>")
    }

    @Test("in the path of the database has one message in every command")
    func databasePaths() async throws {
        let deployment = try await Deployment()
        let definition = try deployment.folder.write(
            String(decoding: try WorkerTypeDefinition.sample().json.serialized(), as: UTF8.self),
            to: "alpha.json")
        let paths = [
            (deployment.folder.file("missing.sqlite"), Int32(66), "create it with `aws-provisioner init`"),
            (deployment.folder.path, 65, "is a folder, and not a database"),
            (definition, 65, "is not an SQLite database"),
        ]
        for arguments in [
            ["worker-type", "list"], ["worker-type", "show", "a"], ["worker-type", "edit", "a"],
            ["worker-type", "apply", "--offline", definition], ["worker-type", "diff", definition],
            ["worker-type", "history", "a"], ["worker-type", "remove", "a"], ["client", "list"],
            ["client", "add", "x"], ["client", "remove", "x"], ["client", "narrow-issuer"], ["export"],
            ["import", "--offline", definition], ["iterate"], ["migrate"], ["status"], ["explain", "a"],
            ["instances"], ["terminate", "i-0123abcd", "--yes"], ["hold", "list"],
            ["hold", "clear", "--all"],
            ["region", "list"], ["region", "forget", "x"], ["events"],
            ["backup", deployment.folder.file("copy")], ["prune"],
        ] {
            for (path, status, message) in paths {
                try await expect(deployment, arguments + ["--database", path], status, message)
            }
        }
    }
}
