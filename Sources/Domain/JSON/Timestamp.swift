package import FoundationEssentials

extension Date {
    /// ISO 8601 in UTC with milliseconds, `2026-01-01T00:00:00.000Z`: the form of every time in the API.
    package var timestamp: String {
        // The formatter cuts; a time read from its text may lie a hair below its millisecond.
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded() / 1000 + 0.000_1)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Reads an ISO 8601 time, with or without a fraction of a second. Nil when it is none.
    package init?(timestamp text: String) {
        if let date = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) {
            self = date
        } else if let date = try? Date(text, strategy: Date.ISO8601FormatStyle()) {
            self = date
        } else {
            return nil
        }
    }

    /// The same instant cut to whole milliseconds, which is what the API's form of a time can carry.
    package var wholeMilliseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000 + 0.01).rounded(.down) / 1000)
    }
}
