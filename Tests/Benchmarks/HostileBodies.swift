import Domain
import Formats
import FoundationEssentials
import Glibc
import TestSupport

/// CPU time for the parsing of hostile bodies, and of a valid body of the same size.
struct HostileBodies {
    /// The maximum size of a request body, bytes.
    private static let size = 1 << 20

    /// CPU seconds for a list of worker types, the minimum of a few runs.
    let honest: Double
    /// CPU seconds by the name of the shape.
    let hostile: [(name: String, seconds: Double)]

    init(_ honest: JSONValue) throws {
        let text = String(decoding: try honest.serialized(), as: UTF8.self)
        let count = max(1, Self.size / (text.utf8.count + 1))
        let list = "[" + Array(repeating: text, count: count).joined(separator: ",") + "]"
        self.honest = Self.seconds(list)
        hostile = HostileJSON.shapes(size: Self.size).map { ($0.name, Self.seconds($0.text)) }
    }

    private static func seconds(_ text: String) -> Double {
        let bytes = Array(text.utf8)
        return (0..<5).map { _ in
            let begin = clock()
            _ = try? JSONValue(parsing: bytes, maximumValues: DocumentLimits.bodyValues)
            return Double(clock() - begin) / Double(CLOCKS_PER_SEC)
        }.min() ?? 0
    }
}
