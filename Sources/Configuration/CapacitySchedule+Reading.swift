package import Domain
import Formats
import Platform

extension CapacitySchedule {
    /// The folder of the IANA time zones. The package tzdata contains it.
    private static let zones = "/usr/share/zoneinfo"

    /// Reads `Europe/Berlin Mon-Fri 08:00-18:00 min=10 max=200; Sat,Sun 10:00-16:00 max=20`: the time zone, and its windows.
    package init(_ text: String) throws(ScheduleProblem) {
        let text = text.trimmed
        let zone = String(text.prefix { !$0.isWhitespace })
        var windows: [WeeklyWindow] = []
        for part in text.dropFirst(zone.count).split(separator: ";", omittingEmptySubsequences: false) {
            windows.append(try WeeklyWindow(String(part)))
        }
        try self.init(timeZone: zone, offsets: try Self.offsets(of: zone), windows: windows)
    }

    private static func offsets(of zone: String) throws(ScheduleProblem) -> TimeZoneOffsets {
        if zone == "UTC" { return .utc }
        let isName = zone.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            part.first?.isLetter == true
                && part.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5a).contains($0 & 0xdf)
                        || [0x2b, 0x2d, 0x5f].contains($0)
                }
        }
        guard isName else {
            throw ScheduleProblem("must begin with a time zone such as Europe/Berlin or UTC, not \"\(zone)\"")
        }
        do {
            return try TimeZoneFile.offsets(try SmallFile.read("\(zones)/\(zone)").content)
        } catch let problem as TimeZoneFile.Problem {
            throw ScheduleProblem("the time zone file \(zones)/\(zone) \(problem)")
        } catch {
            throw ScheduleProblem(
                "the time zone \(zone) is not in \(zones): correct its name, or install the package tzdata")
        }
    }
}
