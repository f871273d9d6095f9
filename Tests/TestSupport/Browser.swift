package import Formats
import Foundation

/// A headless Chromium.
package enum Browser {
    package struct Failure: Error {
        package let message: String
    }

    /// Opens pages in order, and returns the result of each: see `clients/browser.py`.
    package static func visit(_ visits: [JSONValue]) async throws -> [JSONObject] {
        let ended = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/clients/browser.py"],
            input: String(decoding: try JSONValue.array(visits).serialized(), as: UTF8.self))
        guard ended.status == 0 else { throw Failure(message: ended.errors) }
        return (try JSONValue(parsing: Data(ended.output.utf8)).arrayValue ?? []).compactMap(\.objectValue)
    }

    package static let axe = Paths.root + "/.build/axe/axe_playwright_python/axe.min.js"
}
