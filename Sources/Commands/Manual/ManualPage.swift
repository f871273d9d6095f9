import Configuration
import Domain
import Formats
import FoundationEssentials

/// A page of the manual, in mdoc, made from what the argument parser knows of a command.
struct ManualPage {
    /// `aws-provisioner-worker-type-edit`
    let name: String
    let text: String

    /// All pages, the program's own first.
    ///
    /// - Parameter help: the argument parser's description of the commands, as JSON.
    static func all(of help: String) throws -> [ManualPage] {
        guard let root = try JSONValue(parsing: Data(help.utf8)).objectValue?["command"]?.objectValue else {
            return []
        }
        return pages(of: Command(root, path: []))
            + CGIManual.all.map { ManualPage(name: $0.name, text: $0.text) }
    }

    private static func pages(of command: Command) -> [ManualPage] {
        [ManualPage(command)] + command.subcommands.flatMap(pages)
    }

    private init(_ command: Command) {
        name = Self.name(of: command.path)
        var lines = [
            // The date would be that of the build: a page is of its version.
            ".Dd $Mdocdate$", ".Dt \(Roff.escaped(name.uppercased())) 1", ".Os", ".Sh NAME",
            ".Nm \(Roff.escaped(name))",
            ".Nd \(Roff.line(command.abstract.hasSuffix(".") ? String(command.abstract.dropLast()) : command.abstract))",
            ".Sh SYNOPSIS", ".Nm \(Roff.escaped(command.path.first ?? name))",
        ]
        if command.path.count > 1 {
            lines.append(".Cm " + command.path.dropFirst().map(Roff.escaped).joined(separator: " "))
        }
        lines += command.synopsis
        lines += [".Sh DESCRIPTION", Roff.line(command.abstract)]
        for paragraph in command.discussion.split(separator: "\n\n") {
            lines += [".Pp", Roff.line(String(paragraph))]
        }
        lines += command.optionList
        if !command.subcommands.isEmpty {
            lines += [".Sh COMMANDS", ".Bl -tag -width Ds"]
            for item in command.subcommands {
                lines += [".It Cm \(Roff.escaped(item.path.last ?? ""))", Roff.line(item.abstract)]
            }
            lines += [".El"]
        }
        if command.path.count == 1 { lines += Self.settings }
        lines += [".Sh EXIT STATUS", Roff.line(ExitCodeTable.sentence)]
        lines += Self.seeAlso(command)
        text = lines.joined(separator: "\n") + "\n"
    }

    private static var settings: [String] {
        [".Sh ENVIRONMENT", ".Bl -tag -width Ds"]
            + Setting.all.flatMap { setting in
                [
                    ".It Ev \(setting.variable)",
                    Roff.line(
                        "\(setting.meaning), \"\(setting.key)\" in the file (default: \(setting.standard))"),
                ]
            } + [
                ".El", ".Sh FILES", ".Bl -tag -width Ds", ".It Pa \(Roff.escaped(Settings.standardFile))",
                "Settings, unless", ".Fl -config", "or", ".Ev AWS_PROVISIONER_CONFIG", "names another file.",
                ".El",
            ]
    }

    private init(name: String, text: String) { (self.name, self.text) = (name, text) }

    /// The name of the page of a command. The name of a CGI program is that of its own page.
    private static func name(of path: [String]) -> String {
        let name = path.joined(separator: "-")
        return CGIManual.all.contains { $0.name == name } ? name + "-command" : name
    }

    private static func seeAlso(_ command: Command) -> [String] {
        var names = command.subcommands.map { name(of: $0.path) }
        if command.path.count > 1 { names.insert(name(of: command.path.dropLast()), at: 0) }
        if command.path.count == 1 { names += CGIManual.all.map(\.name) }
        guard !names.isEmpty else { return [] }
        return [".Sh SEE ALSO"]
            + names.sorted().enumerated().map { index, name in
                ".Xr \(Roff.escaped(name)) 1\(index == names.count - 1 ? "" : " ,")"
            }
    }
}

/// A command as the argument parser describes it.
private struct Command {
    let path: [String]
    let abstract: String
    let discussion: String
    let arguments: [Argument]
    let subcommands: [Command]

    init(_ object: JSONObject, path parents: [String]) {
        let path = parents + [object["commandName"]?.stringValue ?? ""]
        self.path = path
        abstract = object["abstract"]?.stringValue ?? ""
        discussion = object["discussion"]?.stringValue ?? ""
        arguments = (object["arguments"]?.arrayValue ?? []).compactMap(\.objectValue).map(Argument.init)
        subcommands = (object["subcommands"]?.arrayValue ?? []).compactMap(\.objectValue)
            .filter { $0["commandName"]?.stringValue != "help" }.map { Command($0, path: path) }
    }

    var synopsis: [String] {
        arguments.map(\.synopsis) + (subcommands.isEmpty ? [] : [".Ar command", ".Op Ar argument ..."])
    }

    var optionList: [String] {
        guard !arguments.isEmpty else { return [] }
        return [".Bl -tag -width Ds"] + arguments.flatMap { [$0.item, Roff.line($0.meaning)] } + [".El"]
    }
}

private struct Argument {
    private let isPositional: Bool
    private let isOptional: Bool
    private let isRepeating: Bool
    private let names: [String]
    private let value: String?
    let meaning: String

    init(_ object: JSONObject) {
        let kind = object["kind"]?.stringValue
        isPositional = kind == "positional"
        isOptional = object["isOptional"]?.boolValue ?? true
        isRepeating = object["isRepeating"]?.boolValue ?? false
        // mdoc's Fl writes one dash by itself.
        names = (object["names"]?.arrayValue ?? []).compactMap(\.objectValue).map { name in
            (name["kind"]?.stringValue == "long" ? "-" : "") + (name["name"]?.stringValue ?? "")
        }
        value = kind == "flag" ? nil : object["valueName"]?.stringValue ?? "value"
        let values = (object["allValues"]?.arrayValue ?? []).compactMap(\.stringValue)
        let standard = object["defaultValue"]?.stringValue
        meaning =
            (object["abstract"]?.stringValue ?? "")
            + (values.isEmpty ? "" : " One of " + values.joined(separator: ", ") + ".")
            + (standard.map { " Default: \($0)." } ?? "")
    }

    private func flag(_ name: String) -> String {
        "Fl \(Roff.escaped(name))" + (value.map { " Ar \(Roff.escaped($0))" } ?? "")
    }

    var synopsis: String {
        let text =
            isPositional
            ? "Ar \(Roff.escaped(value ?? ""))" : flag(names.first { $0.hasPrefix("-") } ?? names.first ?? "")
        let repeated = isRepeating ? text + " ..." : text
        return isOptional ? ".Op " + repeated : "." + repeated
    }

    var item: String {
        isPositional
            ? ".It Ar \(Roff.escaped(value ?? ""))" : ".It " + names.map(flag).joined(separator: " , ")
    }
}

/// Text as roff takes it.
private enum Roff {
    /// For an argument of a macro.
    static func escaped(_ text: String) -> String {
        text.map { $0 == "\\" ? "\\e" : $0 == "-" ? "\\-" : String($0) }.joined()
    }

    /// A line of text of its own: a sentence begins a line, and none begins like a macro.
    static func line(_ text: String) -> String {
        var lines: [String] = []
        for part in text.split(whereSeparator: \.isNewline) {
            var rest = Substring(part)
            while let end = rest.firstRange(of: ". ") {
                lines.append(String(rest[..<end.upperBound].dropLast()))
                rest = rest[end.upperBound...]
            }
            lines.append(String(rest))
        }
        return lines.map { line in
            let text = line.map { $0 == "\\" ? "\\e" : String($0) }.joined()
            return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
        }.joined(separator: "\n")
    }
}
