import GRDBSQLite

/// The SQLite library that the program is linked with.
package enum SQLiteLibrary {
    /// The version of the library. It differs from the version of the header when the library is a shared one.
    package static var version: String { String(cString: sqlite3_libversion()) }
}
