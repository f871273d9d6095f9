import Foundation

/// The database of an earlier version of the program, as SQL, with rows in every table.
///
/// Add a file for each released schema, and never change a file.
package struct OlderDatabase: Sendable {
    /// The file name without extension: `version-10` for the schema after migration 10.
    package let name: String
    /// The end of its last iteration, at which tests read it. Seconds since 1970.
    package let time: Int
    /// The encryption key of its rows, base64.
    package let key: String

    package static let all = [
        OlderDatabase(
            name: "version-10", time: 1_795_845_123, key: "NlfnBhpK0MxPE60AK/AFBF9HmonKrnUbGmSuvH1wkXU=")
    ]

    /// The SQL statements that create it.
    package var statements: String {
        get throws {
            try String(contentsOfFile: Paths.databases + name + ".sql", encoding: .utf8)
        }
    }
}
