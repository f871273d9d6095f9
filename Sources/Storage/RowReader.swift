import FoundationEssentials
import GRDB

/// Reads the values of a row in the order of its columns. A row searches a name among all its columns, for each value:
/// with tens of thousands of rows that takes longer than the query.
struct RowReader {
    private let row: Row
    private var index = 0

    init(_ row: Row) { self.row = row }

    /// Reads the next value, which the schema declares as NOT NULL.
    mutating func next<Value: DatabaseValueConvertible>() -> Value {
        defer { index += 1 }
        return row[index]
    }

    mutating func nextOptional<Value: DatabaseValueConvertible>() -> Value? {
        defer { index += 1 }
        return row[index]
    }

    mutating func nextDate() -> Date? { (nextOptional() as Int64?).map(Date.init(milliseconds:)) }
}
