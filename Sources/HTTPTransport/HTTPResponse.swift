package import FoundationEssentials

/// The response to a request, of any status.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// Names in lower case.
    package let headers: [String: String]
    package let body: [UInt8]

    package init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension HTTPResponse {
    /// The time of the header `Date`. Nil without a valid header.
    package var date: Date? { headers["date"].flatMap(Self.date) }

    /// The delay that the header `Retry-After` requests, in seconds. Nil without a valid header.
    ///
    /// Source: RFC 9110, 10.2.3.
    package func retryAfter(now: Date) -> TimeInterval? {
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = TimeInterval(text), seconds.isFinite { return max(0, seconds) }
        return Self.date(text).map { max(0, $0.timeIntervalSince(now)) }
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func date(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[5] == "GMT", parts[1].count == 2, parts[3].count == 4,
            let month = months.firstIndex(of: parts[2])
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date(
            "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: Date.ISO8601FormatStyle())
    }
}
