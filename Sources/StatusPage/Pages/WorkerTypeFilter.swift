import Domain
import Formats
import Reporting

/// The selection and order of the worker types on the overview.
struct WorkerTypeFilter: Equatable {
    enum Show: String, CaseIterable {
        case all, waiting, problems, full, idle

        var title: String {
            switch self {
            case .all: "all"
            case .waiting: "with pending tasks"
            case .problems: "with problems"
            case .full: "at maxCapacity"
            case .idle: "without tasks and capacity"
            }
        }

        func holds(_ line: Overview.Line) -> Bool {
            let total = line.tally?.total ?? 0
            let pending = line.decision?.pendingTasks ?? 0
            return switch self {
            case .all: true
            case .waiting: pending > 0
            case .problems: line.decision?.problems.isEmpty == false
            case .full: total > 0 && total >= line.bounds.maximum
            case .idle: total == 0 && pending == 0
            }
        }
    }

    enum Sort: String, CaseIterable {
        case name, pending, running, booting, requested, min, max, spend

        var title: String {
            switch self {
            case .name: "Worker type"
            case .pending: "Pending"
            case .running: "Running"
            case .booting: "Booting"
            case .requested: "Requested"
            case .min: "Min"
            case .max: "Max"
            case .spend: "USD/h"
            }
        }

        /// The number that the column shows; nil for the name.
        func value(_ line: Overview.Line) -> Double? {
            switch self {
            case .name: nil
            case .pending: Double(line.decision?.pendingTasks ?? -1)
            case .running: Double(line.tally?.running ?? -1)
            case .booting: Double(line.tally?.booting ?? -1)
            case .requested: Double(line.tally?.requested ?? -1)
            case .min: Double(line.bounds.minimum)
            case .max: Double(line.bounds.maximum)
            case .spend: line.spend.perHour
            }
        }
    }

    enum Order: String, CaseIterable { case ascending, descending }

    var text = ""
    var show = Show.all
    var sort = Sort.name
    var order = Order.ascending
    /// The interval at which the browser reloads the page; nil for never. Seconds.
    var refresh: Int?

    static let parameters = ["q", "show", "sort", "order", "refresh"]

    init(_ request: PageRequest) throws(PageError) {
        let given = try request.parameters(Self.parameters)
        text = given["q"] ?? ""
        guard text.count <= 100 else { throw .badRequest("The search text is longer than 100 characters.") }
        show = try Self.choice("show", given) ?? .all
        sort = try Self.choice("sort", given) ?? .name
        // The default order of numbers is descending.
        order = try Self.choice("order", given) ?? (sort == .name ? .ascending : .descending)
        refresh = try RefreshParameter.seconds(given)
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ given: [String: String]
    ) throws(PageError) -> Choice? {
        guard let text = given[name], !text.isEmpty else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        throw .badRequest(
            "\(name) must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
    }

    /// Returns the matching worker types in their order. Worker types with equal values are ordered by name.
    func apply(_ lines: [Overview.Line]) -> [Overview.Line] {
        let wanted = text.lowercased()
        let matching = lines.filter { line in
            show.holds(line) && (wanted.isEmpty || line.type.name.lowercased().contains(wanted))
        }
        return matching.sorted { left, right in
            guard let a = sort.value(left), let b = sort.value(right), a != b else {
                return sort == .name && order == .descending
                    ? left.type.name > right.type.name : left.type.name < right.type.name
            }
            return order == .ascending ? a < b : a > b
        }
    }

    /// Returns the parameters of the same page sorted by a column. A second click on a column reverses the order.
    func sorted(by column: Sort) -> [(name: String, value: String?)] {
        let first: Order = column == .name ? .ascending : .descending
        let other: Order = order == .ascending ? .descending : .ascending
        return parameters(sort: column, order: column == sort ? other : first, refresh: refresh)
    }

    func parameters(sort: Sort, order: Order, refresh: Int?) -> [(name: String, value: String?)] {
        [
            ("q", text.isEmpty ? nil : text), ("show", show == .all ? nil : show.rawValue),
            ("sort", sort.rawValue), ("order", order.rawValue), ("refresh", refresh.map(String.init)),
        ]
    }
}

/// The interval at which the browser reloads a page. The default is never, because a page that changes while it is read
/// is hard to use with a screen reader.
enum RefreshParameter {
    static func seconds(_ given: [String: String]) throws(PageError) -> Int? {
        guard let text = given["refresh"], !text.isEmpty else { return nil }
        guard let seconds = Int(text), (10...3600).contains(seconds) else {
            throw .badRequest("refresh must be a number of seconds from 10 to 3600.")
        }
        return seconds
    }
}
