/// Exit codes of sysexits.h.
package enum SystemExit: Int32, Sendable {
    case usage = 64
    case dataError = 65
    case noInput = 66
    case unavailable = 69
    case software = 70
    case cannotCreate = 73
    case temporaryFailure = 75
    case noPermission = 77
    case configuration = 78
}
