import Foundation
import Testing

@testable import Domain

@Suite("Files of time zones")
struct TimeZoneFileTests {
    private static let folder = "/usr/share/zoneinfo/"

    @Test(
        "have the offsets that the C library has, from 1971 to 2099",
        arguments: [
            "Europe/Berlin", "America/New_York", "Australia/Sydney", "Europe/Dublin", "Africa/Casablanca",
            "America/Nuuk", "Asia/Kathmandu", "Pacific/Chatham", "Etc/UTC",
        ])
    func offsets(zone: String) throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: Self.folder + zone)))
        let offsets = try TimeZoneFile.offsets(bytes)
        let reference = try #require(TimeZone(identifier: zone))
        // Casablanca changes its offset around Ramadan, which ICU and the file know up to different years.
        let end = zone.hasPrefix("Africa/") ? 1_900_000_000 : 4_090_000_000
        for time in stride(from: 31_536_000, to: end, by: 86_400 * 5 + 3601) {
            let expected = reference.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time)))
            #expect(offsets.offset(at: time) == expected, "\(zone) at \(time)")
        }
    }

    @Test("that are truncated or no time zone files are refused")
    func invalid() throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: Self.folder + "Europe/Berlin")))
        #expect(throws: TimeZoneFile.Problem.self) { try TimeZoneFile.offsets([]) }
        #expect(throws: TimeZoneFile.Problem.self) { try TimeZoneFile.offsets(Array("no zone".utf8)) }
        for length in stride(from: 0, to: bytes.count - 30, by: 97) {
            #expect(throws: TimeZoneFile.Problem.self, "\(length)") {
                try TimeZoneFile.offsets(Array(bytes.prefix(length)))
            }
        }
        var oversized = bytes
        oversized.replaceSubrange(32..<36, with: [0xff, 0xff, 0xff, 0xff])
        #expect(throws: TimeZoneFile.Problem.self) { try TimeZoneFile.offsets(oversized) }
    }

    @Test(
        "Rules of another form are refused",
        arguments: ["", "C-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "<+01-1"])
    func invalidRules(rule: String) { #expect(TimeZoneRule(rule) == nil) }

    @Test("Rules with days of the year count leap days as POSIX says")
    func daysOfYear() throws {
        let julian = try #require(TimeZoneRule("AAA0BBB,J60/0,59/0")).transitions(upTo: 1972).suffix(2)
        // The 29th of February at 01:00 of the second offset, and the 1st of March.
        #expect(julian.map(\.time) == [68_166_000, 68_256_000])
    }
}
