import Domain
import Formats
import Platform

/// A file of on-demand prices: comma-separated values in one of two forms.
///
/// The first is a file of the operator with the columns `region`, `instance_type` and `price_usd_per_hour`. With a column
/// `product`, the rows of `Linux/UNIX` are read. The second is an offer
/// file of EC2 as the AWS Price List Bulk API publishes it. Of an offer file, the hourly prices of Linux on shared hardware
/// without further software are read.
struct OnDemandPriceFile {
    private(set) var prices = OnDemandPrices()

    private static let columns = ["region", "instance_type", "price_usd_per_hour"]
    private static let offerColumns = ["Region Code", "Instance Type", "PricePerUnit"]
    /// What the rows of an offer file must have to be read.
    private static let offerConditions = [
        "TermType": "OnDemand", "Unit": "Hrs", "Currency": "USD", "Operating System": "Linux",
        "Tenancy": "Shared", "Pre Installed S/W": "NA", "CapacityStatus": "Used",
    ]
    /// The lines about the offer file itself that precede its header.
    private static let offerPreamble = 8

    /// Reads a file.
    ///
    /// - Parameter name: of the file, for errors.
    init(_ content: [UInt8], name: String) throws {
        func problem(_ line: Int, _ text: String) -> CommandFailure {
            CommandFailure(.dataError, "\(name):\(line): \(text)")
        }
        var header: (places: [Int], conditions: [Int: String], count: Int)?
        for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let number = index + 1
            if line.isEmpty { continue }
            guard let fields = SeparatedValues.fields(line) else {
                throw problem(number, "has a quotation mark that is not closed")
            }
            guard let header else {
                header = Self.header(fields)
                guard header != nil || number < Self.offerPreamble else {
                    throw problem(
                        number, "no line before it has the columns \(Self.columns.joined(separator: ","))")
                }
                continue
            }
            guard fields.count == header.count else {
                throw problem(number, "has \(fields.count) fields, not \(header.count)")
            }
            guard header.conditions.allSatisfy({ fields[$0.key] == $0.value }) else { continue }
            let values = header.places.map { fields[$0] }
            guard values.count == 3, !values[0].isEmpty, !values[1].isEmpty else {
                throw problem(number, "has no region or no instance type")
            }
            guard let price = Price(values[2]) else {
                throw problem(
                    number,
                    "the price must be a number of USD an hour, not \"\(SafeText.cut(values[2], to: 40))\"")
            }
            // An offer file lists instance types that cannot be bought at a price of zero.
            if price > .zero { prices[values[0], values[1]] = price }
        }
        guard prices.count > 0 else {
            throw CommandFailure(
                .dataError,
                "\(name) contains no price; its columns must be \(Self.columns.joined(separator: ","))")
        }
    }

    /// The places of the columns in a header line; nil for another line.
    private static func header(
        _ fields: [String]
    ) -> (places: [Int], conditions: [Int: String], count: Int)? {
        func places(_ columns: [String]) -> [Int]? {
            let places = columns.compactMap { fields.firstIndex(of: $0) }
            return places.count == columns.count ? places : nil
        }
        if let places = places(columns) {
            let product = fields.firstIndex(of: "product").map { [$0: "Linux/UNIX"] }
            return (places, product ?? [:], fields.count)
        }
        guard let places = places(offerColumns) else { return nil }
        let conditions = offerConditions.reduce(into: [Int: String]()) { conditions, condition in
            if let place = fields.firstIndex(of: condition.key) { conditions[place] = condition.value }
        }
        return conditions.count == offerConditions.count ? (places, conditions, fields.count) : nil
    }
}
