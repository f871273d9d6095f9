import Formats
import Foundation
import TestSupport
import Testing

@Suite("ISO 8601 times")
struct TimestampTests {
    @Test("are read as a formatter reads them, before and after leap days", arguments: 0..<300)
    func formatter(index: Int) throws {
        var random = SystemRandomNumberGenerator()
        let date = Date(
            timeIntervalSince1970: Double(Int.random(in: -2_000_000_000...4_102_444_800, using: &random))
                + 0.25)
        let fraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for text in [date.timestamp, date.timestampInSeconds] {
            let style = text.contains(".") ? fraction : Date.ISO8601FormatStyle()
            #expect(try Date(timestamp: text) == Date(text, strategy: style), "\(text)")
        }
    }

    @Test("are read with an offset and with a fraction of any length")
    func forms() {
        let expected = Date(timestamp: "2026-11-24T04:13:05Z")
        #expect(expected != nil)
        for text in [
            "2026-11-24T04:13:05.000Z", "2026-11-24T04:13:05.000000000Z", "2026-11-24T06:13:05+02:00",
            "2026-11-24T04:13:05+00:00",
        ] {
            #expect(Date(timestamp: text) == expected, "\(text)")
        }
    }

    @Test(
        "that do not exist, and other texts, are refused",
        arguments: [
            "", ".", "yesterday", "2026-11-24", "2026-13-01T00:00:00.000Z", "2026-11-24T25:00:00.000Z",
            "2026-11-24 04:13:05Z", "2026-11-24T04:13:05", "2026-1a-24T04:13:05Z",
        ])
    func refused(text: String) { #expect(Date(timestamp: text) == nil) }

    @Test("keep their milliseconds in text", arguments: 0..<1000)
    func milliseconds(index: Int) {
        let date = Date(timeIntervalSince1970: 1_790_000_000 + Double(index) / 1000)
        let text = date.timestamp
        #expect(Date(timestamp: text)?.timestamp == text)
    }
}

@Suite("Percent-encoding")
struct PercentEncodingTests {
    @Test(
        "encodes all but the unreserved characters, and is read back",
        arguments: [
            ("a-b_c.d~9", "a-b_c.d~9"), ("a b/c", "a%20b%2Fc"), ("ü", "%C3%BC"), ("100%", "100%25"),
            ("a+b", "a%2Bb"), ("\n", "%0A"),
        ])
    func encode(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(PercentEncoding.decode(encoded) == text)
    }

    @Test("in forms writes a space as a plus sign")
    func forms() {
        var bytes: [UInt8] = []
        PercentEncoding.append("a b", to: &bytes, spaceAsPlus: true)
        #expect(String(decoding: bytes, as: UTF8.self) == "a+b")
        #expect(PercentEncoding.decode("a+b") == "a b")
    }

    @Test(
        "refuses truncated sequences and text that is not UTF-8", arguments: ["%", "%4", "%GG", "%+1", "%FF"])
    func refused(text: String) { #expect(PercentEncoding.decode(text) == nil) }
}
