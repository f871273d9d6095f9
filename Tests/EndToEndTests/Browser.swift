import Domain
import Formats
import Foundation
import TestSupport
import Testing

/// A headless Chromium.
enum Browser {
    /// Opens pages in order, and returns the result of each: see `clients/browser.py`.
    static func visit(_ visits: [JSONValue]) async throws -> [JSONObject] {
        let ended = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/clients/browser.py"],
            input: String(decoding: try JSONValue.array(visits).serialized(), as: UTF8.self))
        try #require(ended.status == 0, "\(ended.errors)")
        return (try JSONValue(parsing: Data(ended.output.utf8)).arrayValue ?? []).compactMap(\.objectValue)
    }

    static let axe = Paths.root + "/.build/axe/axe_playwright_python/axe.min.js"
}

extension JSONObject {
    func texts(_ key: String) -> [String] { self[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
