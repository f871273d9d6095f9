import Domain
import Formats

/// The scores of instance types with their source.
enum UtilityScores {
    case table([String: Double], source: String)
    case record([String: WorkingTime])

    /// By instance type.
    var values: [String: Double] {
        switch self {
        case .table(let scores, _): scores
        case .record(let times): times.compactMapValues(\.share)
        }
    }

    var sourceName: String {
        switch self {
        case .table: "table"
        case .record: "record"
        }
    }

    /// Why an instance type has no score.
    func reasonWithoutScore(_ instanceType: String) -> String {
        switch self {
        case .table(_, let source):
            return "no line in \(source)"
        case .record(let times):
            let time = times[instanceType] ?? WorkingTime(instances: 0, paidHours: 0, workingHours: 0)
            if time.isEnough { return "no worker checked in" }
            return """
                not enough record: \(time.instances) of \(WorkingTime.leastInstances) ended instances, \
                \(time.paidHours.formatted(decimals: 1)) of \
                \(WorkingTime.leastHours.formatted(decimals: 0)) paid hours
                """
        }
    }
}
