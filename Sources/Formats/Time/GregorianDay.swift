/// Days of the Gregorian calendar, without a time zone.
package enum GregorianDay {
    /// The number of days in a month of a year; 0 for a month that does not exist.
    package static func count(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: isLeap(year) ? 29 : 28
        case 1, 3, 5, 7, 8, 10, 12: 31
        default: 0
        }
    }

    package static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// Days from 1970-01-01. The calculation begins a year in March, so that a leap day is the last day of its year.
    package static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The day of the week, 0 for Monday.
    package static func weekday(daysSince1970 days: Int) -> Int { ((days + 3) % 7 + 7) % 7 }
}
