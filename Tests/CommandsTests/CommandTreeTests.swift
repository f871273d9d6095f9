import ArgumentParser
import Formats
import Foundation
import Testing

@testable import Commands

/// A command without subcommands, as the parser describes it.
struct LeafCommand: CustomTestStringConvertible, Sendable {
    struct Argument: Sendable {
        /// `--state`, or the name of a value without an option.
        let name: String
        let isFlag: Bool
        let isRepeating: Bool
        let help: String
        /// The source of the values that the shell completes; nil for free text.
        let completion: String?
        /// The values that exist; empty for free text.
        let values: [String]
    }

    let words: [String]
    let discussion: String
    let arguments: [Argument]

    var testDescription: String { words.joined(separator: " ") }

    /// The arguments of the examples in the help.
    var examples: [[String]] {
        discussion.matches(of: /Examples?: (.*)/).map { Self.words(of: String($0.output.1)) }
    }

    static let all: [LeafCommand] = {
        let described = try? JSONValue(parsing: Data(Provisioner._dumpHelp().utf8)).objectValue
        return described?["command"]?.objectValue.map { leaves(of: $0, []) } ?? []
    }()

    private static func leaves(of command: JSONObject, _ words: [String]) -> [LeafCommand] {
        func list(_ name: String) -> [JSONObject] {
            command[name]?.arrayValue?.compactMap(\.objectValue) ?? []
        }
        let children = list("subcommands").filter { $0["commandName"] != "help" }
        guard children.isEmpty else {
            return children.flatMap { leaves(of: $0, words + [$0["commandName"]?.stringValue ?? ""]) }
        }
        let arguments = list("arguments").map { argument in
            let preferred = argument["preferredName"]?.objectValue?["name"]?.stringValue
            return Argument(
                name: preferred.map { ($0.count == 1 ? "-" : "--") + $0 }
                    ?? argument["valueName"]?.stringValue ?? "",
                isFlag: argument["kind"] == "flag", isRepeating: argument["isRepeating"] == true,
                help: argument["abstract"]?.stringValue ?? "",
                completion: argument["completionKind"]?.objectValue?.keys.first,
                values: argument["allValues"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        }
        return [
            LeafCommand(
                words: words, discussion: command["discussion"]?.stringValue ?? "",
                arguments: arguments.filter { !["--help", "--version"].contains($0.name) })
        ]
    }

    /// The arguments in a line of a shell that calls the program, without its variables and redirections.
    private static func words(of line: String) -> [String] {
        let words = line.matches(of: /"([^"]*)"|([^ ]+)/).map { String($0.output.1 ?? $0.output.2 ?? "") }
        return words.drop { $0 != "aws-provisioner" }.dropFirst().filter { !$0.hasPrefix(">") }
    }
}

@Suite("All commands")
struct CommandTreeTests {
    @Test("have one or two examples in their help, which the parser accepts", arguments: LeafCommand.all)
    func examples(command: LeafCommand) throws {
        #expect((1...2).contains(command.examples.count))
        for example in command.examples {
            #expect(example.starts(with: command.words))
            _ = try Provisioner.parseAsRoot(example)
        }
    }

    @Test("have one option for JSON, with one help text")
    func json() {
        let flags = LeafCommand.all.flatMap(\.arguments).filter { $0.name == "--json" }
        #expect(flags.count > 30)
        #expect(Set(flags.map(\.help)).count == 1)
    }

    /// Values that only the user knows: texts, times, durations and numbers.
    private static let freeText: Set = [
        "--reason", "--description", "--scope", "--expires", "--at", "--start", "--iteration", "id",
        "--pass-role", "--assume-role", "--type", "--max-age", "--deadline", "--older-than", "--younger-than",
        "--since", "--interval", "--iterations", "--launches", "--changes", "--shift", "--regions",
        "--instance-types", "--days", "--tasks-per-hour", "--hours", "--task-minutes", "--count", "--seed",
        "--boot", "--idle-timeout", "--interruption-rate", "--capacity-device", "--max-pool-share",
        "--idle-exponent", "--anticipation", "--headroom", "--minutes", "--claim-delay", "--claim-grace",
        "--image", "--max-total-capacity", "--max-total-instances", "--max-hourly-spend", "--max-daily-spend",
        "--max-monthly-spend", "--quota",
        "--keep", "--reference", "code", "--until", "--pause", "--address", "--schedule",
    ]

    @Test("complete each value that is a file or a known name", arguments: LeafCommand.all)
    func completion(command: LeafCommand) {
        for argument in command.arguments where !argument.isFlag {
            let isCompleted = argument.completion != nil || !argument.values.isEmpty
            #expect(
                isCompleted != Self.freeText.contains(argument.name) || argument.name == "id",
                "\(argument.name)")
            if argument.name.hasSuffix("worker-type") {
                #expect(argument.completion == "custom", "\(argument.name)")
            }
        }
    }

    /// Options whose values may contain commas, or are split when the command runs.
    private static let unsplit: Set = ["--scope", "--policy"]

    @Test("split the values of each repeated option at commas, and refuse an empty value")
    func lists() throws {
        var count = 0
        for command in LeafCommand.all {
            let example = try #require(command.examples.first)
            for option in command.arguments
            where option.isRepeating && option.name.hasPrefix("--") && !Self.unsplit.contains(option.name) {
                count += 1
                #expect(throws: (any Error).self, "\(command.words) \(option.name)") {
                    try Provisioner.parseAsRoot(example + [option.name, ","])
                }
            }
        }
        #expect(count > 8)
    }

    @Test("refuse an unknown option", arguments: LeafCommand.all)
    func unknownOption(command: LeafCommand) throws {
        let example = try #require(command.examples.first)
        let error = #expect(throws: (any Error).self) { try Provisioner.parseAsRoot(example + ["--jsn"]) }
        #expect(error.map { Provisioner.exitCode(for: $0).rawValue } == 64)
    }

    @Test("refuse an empty name of a worker type")
    func emptyName() throws {
        var count = 0
        for command in LeafCommand.all {
            for argument in command.arguments where argument.name.hasSuffix("worker-type") {
                count += 1
                let words = command.words + (argument.name.hasPrefix("--") ? [argument.name, ""] : [""])
                let error = #expect(throws: (any Error).self, "\(words)") {
                    try Provisioner.parseAsRoot(words)
                }
                #expect(error.map { Provisioner.exitCode(for: $0).rawValue } == 64)
            }
        }
        #expect(count >= 9)
    }

    @Test(
        "read durations with a unit",
        arguments: [
            "doctor --max-age", "iterate --deadline", "instances --older-than", "instances --younger-than",
            "events --since", "events --interval", "prune --iterations", "prune --launches",
            "prune --changes",
            "simulate --hours", "simulate --days", "simulate --task-minutes", "simulate --idle-timeout",
            "simulate --interval", "demo --minutes", "explain alpha --at",
        ])
    func durations(option: String) throws {
        let words = option.split(separator: " ").map(String.init)
        let duration = words[0] == "events" ? "30s" : "48h"
        _ = try Provisioner.parseAsRoot(words + [duration])
        #expect(throws: (any Error).self) { try Provisioner.parseAsRoot(words + ["soon"]) }
    }

    @Test("read a plain number in the documented unit, and zero where it is valid")
    func plainNumbers() throws {
        let simulate = try #require(
            try Provisioner.parseAsRoot([
                "simulate", "--hours", "36", "--task-minutes", "90s", "--idle-timeout", "0", "--days", "48h",
            ]) as? Simulate)
        #expect(simulate.load.hours.value == 36 && simulate.load.taskMinutes.value == 1.5)
        #expect(simulate.conditions.idleTimeout.seconds == 0 && simulate.market.days.value == 2)
        #expect(DurationIn<Hours>(24).defaultValueDescription == "24 h")
        for text in ["0", "0s", "0m", "0d"] { #expect(DurationIn<Hours>(argument: text)?.value == 0) }
        for text in ["-1", "-1s", "nan", "inf", "1w", ""] {
            #expect(DurationIn<Hours>(argument: text) == nil)
        }
    }
}
