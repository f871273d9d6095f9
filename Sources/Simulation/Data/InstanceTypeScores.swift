/// Scores of instance types from a file with the columns `instance_type,score`.
package enum InstanceTypeScores {
    /// Reads the scores by instance type.
    ///
    /// - Parameter source: the file name for errors.
    package static func read(csv bytes: [UInt8], source: String) throws -> [String: Double] {
        var scores: [String: (score: Double, line: Int)] = [:]
        try CSV.read(bytes, source: source, columns: ["instance_type", "score"]) { row in
            let type = row.text(0)
            guard type.wholeMatch(of: /[a-z0-9-]+\.[a-z0-9-]+/) != nil else {
                throw row.problem(
                    "instance_type must be a name like c5.xlarge, without blanks, not \(CSV.quoted(type))")
            }
            let score = try row.number(1, "score", in: 0.000_001...1_000_000_000)
            if let earlier = scores[type] {
                throw row.problem(
                    "instance_type \(type) is in line \(earlier.line) as well: remove one of the two lines")
            }
            scores[type] = (score, row.line)
        }
        guard !scores.isEmpty else {
            throw DataError(source, "has no score; write a line like c5.xlarge,1 for each instance type")
        }
        return scores.mapValues(\.score)
    }
}
