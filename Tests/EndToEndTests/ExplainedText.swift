import Foundation

/// The text of `explain`, read by its form alone, and worked out again from the numbers in it.
struct ExplainedText {
    private let lines: [String]
    let strategy: String
    let utility: String
    /// The table of pools, by title.
    let rows: [[String: String]]
    private let bids: [[String: String]]

    enum Unreadable: Error { case missing(String) }

    init(_ text: String) throws {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let rules = try Self.match(lines, #"^strategy (\S+), utility (\S+)$"#)
        (strategy, utility) = (rules[0], rules[1])
        rows = Self.table(lines, from: "pool ")
        bids = Self.table(lines, from: "bid  ")
    }

    /// The groups of the first line that matches a pattern.
    private static func match(_ lines: [String], _ pattern: String) throws -> [String] {
        let regex = try Regex(pattern)
        for line in lines {
            if let found = try regex.firstMatch(in: line) {
                return found.output.dropFirst().map { $0.substring.map(String.init) ?? "" }
            }
        }
        throw Unreadable.missing(pattern)
    }

    private func numbers(_ pattern: String) throws -> [Double] {
        try Self.match(lines, pattern).map { text in
            guard let number = Double(text) else { throw Unreadable.missing(text) }
            return number
        }
    }

    private static func table(_ lines: [String], from title: String) -> [[String: String]] {
        func cells(_ line: String) -> [String] {
            line.split(separator: /\s\s+/).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        guard let start = lines.firstIndex(where: { $0.hasPrefix(title) }) else { return [] }
        let titles = cells(lines[start])
        return lines[(start + 1)...].prefix { !$0.isEmpty }.map {
            Dictionary(zip(titles, cells($0)), uniquingKeysWith: { first, _ in first })
        }
    }

    /// The text with one changed number, for each number of the first chosen row of a table.
    static func alterations(of text: String) throws -> [String] {
        let read = try ExplainedText(text)
        guard let pool = read.bids.first?["bid"] else { throw Unreadable.missing("bid") }
        return read.lines.indices.filter { read.lines[$0].hasPrefix(pool + " ") }.flatMap { index in
            let cells = read.lines[index].split(separator: /\s\s+/).map(String.init)
            return cells.indices.dropFirst().compactMap { cell -> String? in
                guard let first = cells[cell].first?.wholeNumberValue else { return nil }
                var changed = cells
                changed[cell] = "\((first + 1) % 10)" + cells[cell].dropFirst()
                var lines = read.lines
                lines[index] = changed.joined(separator: "  ")
                return lines.joined(separator: "\n")
            }
        }
    }

    /// Number of bids in each pool, from the table of bids.
    var bought: [String: Int] {
        Dictionary(
            bids.compactMap { row in row["bid"].map { ($0, Int(row["count"] ?? "") ?? 0) } },
            uniquingKeysWith: +)
    }

    /// Differences between the printed and the computed values.
    var problems: [String] {
        do {
            return try changeProblems() + rowProblems() + choiceProblems() + bidProblems()
        } catch {
            return ["\(error)"]
        }
    }

    private func changeProblems() throws -> [String] {
        let n = try numbers(
            #"^change = (\d+) pending tasks - \((\d+) booting \+ (\d+) requested\) - (\d+) desired pending = (-?\d+)$"#
        )
        let desired = try numbers(#"^desired pending = round\(([0-9.]+) x (\d+) running\) = (\d+)$"#)
        var problems: [String] = []
        if (desired[0] * desired[1]).rounded() != desired[2] || desired[2] != n[3] {
            problems.append("desired pending")
        }
        if n[0] - (n[1] + n[2]) - n[3] != n[4] { problems.append("change") }
        let bounded = try? numbers(#"maxCapacity (\d+): change = (\d+) - (\d+) = (\d+)$"#)
        if let bounded, bounded[1] - bounded[2] != bounded[3] { problems.append("bounded change") }
        if try amount() != (bounded?[3] ?? n[4]) { problems.append("amount") }
        return problems
    }

    private func amount() throws -> Double {
        try numbers(#"^capacity to buy: at least (\d+), at most \d+"#)[0]
    }

    private func ceiling() throws -> Double {
        try numbers(#"^capacity to buy: at least \d+, at most (\d+)"#)[0]
    }

    private func number(_ row: [String: String], _ title: String) throws -> Double {
        guard let number = row[title].flatMap(Double.init) else { throw Unreadable.missing(title) }
        return number
    }

    /// The sort key of a row.
    private func price(_ row: [String: String]) throws -> Double {
        try number(row, row["price"] == nil ? "effective" : "price")
    }

    private func rowProblems() throws -> [String] {
        var problems: [String] = []
        func check(_ row: [String: String], _ title: String, _ value: Double) throws {
            if abs(try number(row, title) - value) > 1.5e-9 {
                problems.append("\(row["pool"] ?? ""): \(title) is \(value)")
            }
        }
        let maxPrice = try numbers(#"^at most maxPrice ([0-9.]+)"#)[0]
        for row in rows {
            let (spot, factor) = (try number(row, "spot price"), try number(row, "utility"))
            try check(row, "effective", utility == "multiply" ? spot * factor : spot / factor)
            var product = 1.0
            if row["factor"] != nil {
                let lost = try numbers(
                    #"^hours lost to an interruption = ([0-9.]+) of a task / 2 \+ ([0-9.]+) to boot = ([0-9.]+)$"#
                )
                let prior = try numbers(#"^rate = \(interruptions \+ ([0-9.]+)\) / \(hours \+ ([0-9.]+)\)"#)
                let rate =
                    (try number(row, "interruptions") + prior[0]) / (try number(row, "hours") + prior[1])
                try check(row, "rate", rate)
                try check(row, "factor", 1 + rate * (lost[0] / 2 + lost[1]))
                product *= try number(row, "factor")
            }
            if row["idle factor"] != nil {
                let exponent = try numbers(#"idle factor = capacity \^ ([0-9.]+)$"#)[0]
                try check(row, "idle factor", pow(number(row, "capacity"), exponent))
                product *= try number(row, "idle factor")
            }
            if row["price"] != nil { try check(row, "price", try number(row, "effective") * product) }
            try check(row, "per capacity", try price(row) / number(row, "capacity"))
            if row.isRefused("above maxPrice") {
                if try number(row, "effective") <= maxPrice { problems.append("not above maxPrice") }
            } else if !row.isRefused("held"), try number(row, "capacity") <= ceiling() {
                try check(row, "most", try most(row))
            }
        }
        let order = try rows.map { try number($0, "per capacity") }
        if order != order.sorted() { problems.append("order") }
        return problems
    }

    /// The maximum number of instances of a pool, by the printed rule.
    private func most(_ row: [String: String]) throws -> Double {
        let capacity = try number(row, "capacity")
        let share = try numbers(#"^most = .*?([0-9.]+) x (\d+) / capacity, rounded up$"#)
        let ofShare = max(1, (share[0] * share[1] / capacity - 1e-7).rounded(.up))
        guard let level = try? numbers(#"^most = \(([0-9.]+) - held\) / capacity"#) else { return ofShare }
        let parts = try numbers(#"^level = ([0-9.]+) x \((\d+) held \+ (\d+) to buy\) = ([0-9.]+)$"#)
        guard abs(parts[0] * (parts[1] + parts[2]) - parts[3]) < 1e-7, parts[3] == level[0] else {
            throw Unreadable.missing("level")
        }
        return min(ofShare, max(0, ((level[0] - (try number(row, "held"))) / capacity - 1e-7).rounded(.up)))
    }

    private func choiceProblems() throws -> [String] {
        let usable = rows.filter { !$0.isRefused("held") && !$0.isRefused("above maxPrice") }
        let counts = usable.map { Double($0["chosen"] ?? "") ?? 0 }
        let covered = try zip(usable, counts).reduce(0) { $0 + $1.1 * (try number($1.0, "capacity")) }
        let paid = try zip(usable, counts).reduce(0) { $0 + $1.1 * (try price($1.0)) }
        let total = try numbers(#"^total: .* = ([0-9.]+) USD/h$"#)[0]
        let capacity = try numbers(#"^for a capacity of .* = (\d+)$"#)[0]
        var problems: [String] = []
        if abs(total - paid) > 1e-8 { problems.append("total is \(paid)") }
        let (amount, ceiling) = (try amount(), try ceiling())
        if covered != capacity || covered < amount || covered > ceiling {
            problems.append("capacity is \(covered)")
        }
        for (row, count) in zip(usable, counts) where count > (try number(row, "most")) {
            problems.append("\(row["pool"] ?? "") above its most")
        }
        switch strategy {
        case "least-cost", "risk-adjusted", "diversified":
            if abs(try least(usable[...], amount, ceiling) - paid) > 1e-8 {
                problems.append("not the least")
            }
        case "cheapest-pool":
            if let greedy = try greedy(usable), greedy != counts {
                problems.append("not in order: \(greedy)")
            }
        default: break
        }
        if strategy == "diversified" {
            let bound = try numbers(
                #"^the least price is ([0-9.]+); at most [0-9.]+ x ([0-9.]+) = ([0-9.]+) may be paid$"#)
            if abs(bound[0] * bound[1] - bound[2]) > 2e-9 || paid > bound[2] + 1e-9 {
                problems.append("premium")
            }
        }
        return problems
    }

    /// The lowest price of all choices, by exhaustive search.
    private func least(_ rows: ArraySlice<[String: String]>, _ demand: Double, _ ceiling: Double) throws
        -> Double
    {
        if ceiling < 0 { return .infinity }
        guard let row = rows.first else { return demand <= 0 ? 0 : .infinity }
        let (capacity, price) = (try number(row, "capacity"), try price(row))
        var best = Double.infinity
        for count in 0...Int(try number(row, "most")) {
            let covered = Double(count) * capacity
            best = min(
                best,
                Double(count) * price + (try least(rows.dropFirst(), demand - covered, ceiling - covered)))
        }
        return best
    }

    /// Fills the pools in order; nil if they do not cover the demand.
    private func greedy(_ rows: [[String: String]]) throws -> [Double]? {
        var left = try amount()
        var headroom = try ceiling()
        let counts = try rows.map { row in
            let capacity = try number(row, "capacity")
            let count = max(
                0,
                min(
                    (left / capacity).rounded(.up), try number(row, "most"),
                    (headroom / capacity).rounded(.down))
            )
            left -= count * capacity
            headroom -= count * capacity
            return count
        }
        return left <= 0 ? counts : nil
    }

    private func bidProblems() throws -> [String] {
        let minPrice = try numbers(#"^bid = 2 x spot price; at least minPrice ([0-9.]+)"#)[0]
        let maxPrice = try numbers(#"^at most maxPrice ([0-9.]+)"#)[0]
        var problems: [String] = []
        for bid in bids {
            guard let row = rows.first(where: { $0["pool"] == bid["bid"] }) else {
                return ["no row for a bid"]
            }
            let factor = try number(row, "utility")
            func spot(_ bound: Double) -> Double { utility == "multiply" ? bound / factor : bound * factor }
            var amount = 2 * (try number(row, "spot price"))
            if try number(row, "effective") < minPrice { amount = max(amount, spot(minPrice)) }
            let most = spot(maxPrice)
            if abs(try number(bid, "2 x spot price") - 2 * number(row, "spot price")) > 1e-9 {
                problems.append("twice the spot price")
            }
            if let least = bid["at least"], least != "-" {
                if abs(try number(bid, "at least") - spot(minPrice)) > 1e-9 { problems.append("least bid") }
            }
            if abs(try number(bid, "at most") - most) > 1e-9 { problems.append("highest bid") }
            let rounded = (min(amount, most) * 1e6 - 1e-4).rounded(.up) / 1e6
            let expected = rounded <= most + 1e-12 ? rounded : (most * 1e6 + 1e-4).rounded(.down) / 1e6
            if abs(try number(bid, "most to pay") - expected) > 1e-9 { problems.append("bid is \(expected)") }
            if bid["count"] != row["chosen"] { problems.append("count of a bid") }
        }
        return problems
    }
}

extension [String: String] {
    /// Whether a row contains a reason against its pool.
    func isRefused(_ reason: String) -> Bool { self["chosen"]?.hasPrefix(reason) == true }
}
