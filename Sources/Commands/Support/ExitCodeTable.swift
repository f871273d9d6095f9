import Platform

/// The exit codes with their meanings. The help, the manual pages and the guide show this table.
package enum ExitCodeTable {
    package struct Row: Sendable {
        package let code: Int32
        package let meaning: String
        package let examples: String
    }

    /// The answer to a question is "no".
    static let no: Int32 = 1

    package static let rows: [Row] = [
        Row(code: 0, meaning: "success", examples: "every part of an iteration worked"),
        Row(
            code: no, meaning: "the answer to a question is \"no\"",
            examples:
                "you did not confirm; `worker-type diff`: there is a difference; `doctor --max-age`: no iteration "
                + "finished in time"),
        Row(
            code: 2, meaning: "critical, of `doctor --max-age` alone",
            examples: "the last iteration failed, or could read no region"),
        Row(
            code: 3, meaning: "unknown, of `doctor --max-age` alone",
            examples: "the settings are invalid, or the database cannot be read"),
        row(
            .usage, "usage", "an unknown option or command; a question without a terminal and without `--yes`"
        ),
        row(
            .dataError, "invalid data",
            "an invalid definition; a damaged database; a file that is not a database"),
        row(.noInput, "missing input", "a file, worker type, client or database that does not exist"),
        row(
            .unavailable, "a service is unavailable",
            "a region or the Queue did not respond; the rest of the iteration was carried out"),
        row(.software, "a bug", "please report it"),
        row(.cannotCreate, "cannot create", "a file or folder that cannot be written; a full disk"),
        row(.temporaryFailure, "try again", "another iteration is running; the database is locked"),
        row(
            .noPermission, "no permission",
            "this user cannot read or write the database, its key or the settings"),
        row(
            .configuration, "configuration",
            "an invalid setting; a wrong encryption key; missing credentials or rights in AWS; the database of another "
                + "provisionerId or of an earlier version"),
    ]

    private static func row(_ exit: SystemExit, _ meaning: String, _ examples: String) -> Row {
        Row(code: exit.rawValue, meaning: meaning, examples: examples)
    }

    /// One sentence for the help and the manual pages.
    package static var sentence: String {
        "Exit codes: " + rows.map { "\($0.code) \($0.meaning.filter { $0 != "`" })" }.joined(separator: "; ")
            + "."
    }

    /// The table in Markdown.
    package static var markdown: String {
        (["| code | meaning | examples |", "| --- | --- | --- |"]
            + rows.map { "| \($0.code) | \($0.meaning) | \($0.examples) |" }).joined(separator: "\n")
    }
}
