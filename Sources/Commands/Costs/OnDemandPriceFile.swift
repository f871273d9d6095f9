import Domain
import Formats
import Platform

/// A file of on-demand prices: comma-separated values in one of two forms.
///
/// The first is a file of the operator with the columns `region`, `instance_type` and `price_usd_per_hour`, and the column
/// `product` if it has other products than `Linux/UNIX`. The second is an offer file of EC2 as the AWS Price List Bulk API
/// publishes it. Of an offer file, the hourly prices on shared hardware without further software are read.
struct OnDemandPriceFile {
    private(set) var prices = OnDemandPrices()

    /// The places of columns in the lines of a file.
    private struct Header {
        let region: Int
        let instanceType: Int
        let price: Int
        /// The place of the operating system; nil for Linux in all rows.
        let platform: Int?
        let platforms: [String: ImagePlatform]
        /// The texts of columns that rows must have to be read, by place.
        let conditions: [Int: String]
        /// The place of the license model; nil in files without it.
        let license: Int?
        /// Whether two prices of an instance type are a mistake. Offer files are not of the operator.
        let isOfOperator: Bool
        let count: Int

        /// Returns nil for a line that is not the header of one of the forms.
        init?(_ fields: [String]) {
            count = fields.count
            if let places = Self.places(OnDemandPriceFile.columns, in: fields) {
                (region, instanceType, price) = (places[0], places[1], places[2])
                platform = fields.firstIndex(of: "product")
                platforms = Dictionary(
                    uniqueKeysWithValues: ImagePlatform.allCases.map { ($0.productDescription, $0) })
                conditions = [:]
                license = nil
                isOfOperator = true
                return
            }
            guard let places = Self.places(Self.offerColumns, in: fields) else { return nil }
            (region, instanceType, price) = (places[0], places[1], places[2])
            platform = places[3]
            license = fields.firstIndex(of: "License Model")
            isOfOperator = false
            platforms = Self.operatingSystems
            conditions = Self.offerConditions.reduce(into: [:]) { conditions, condition in
                if let place = fields.firstIndex(of: condition.key) { conditions[place] = condition.value }
            }
            guard conditions.count == Self.offerConditions.count else { return nil }
        }

        private static let offerColumns = [
            "Region Code", "Instance Type", "PricePerUnit", "Operating System",
        ]
        private static let operatingSystems: [String: ImagePlatform] = [
            "Linux": .linux, "Windows": .windows, "RHEL": .redHat, "SUSE": .suse,
        ]
        private static let offerConditions = [
            "TermType": "OnDemand", "Unit": "Hrs", "Currency": "USD", "Tenancy": "Shared",
            "Pre Installed S/W": "NA", "CapacityStatus": "Used",
        ]

        /// The license model of Windows at the price of Linux, which images of AWS do not have.
        private static let ownLicense = "Bring your own license"

        private static func places(_ columns: [String], in fields: [String]) -> [Int]? {
            let places = columns.compactMap { fields.firstIndex(of: $0) }
            return places.count == columns.count ? places : nil
        }

        /// The platform of a row; nil if the row is not read.
        func platform(of fields: [String]) -> ImagePlatform? {
            guard conditions.allSatisfy({ fields[$0.key] == $0.value }),
                license.map({ fields[$0] != Self.ownLicense }) ?? true
            else { return nil }
            return platform.map { platforms[fields[$0]] } ?? .linux
        }
    }

    private static let columns = ["region", "instance_type", "price_usd_per_hour"]
    /// An offer file has fewer lines than this before its header.
    private static let preamble = 8

    /// Reads a file.
    ///
    /// - Parameter name: of the file, for errors.
    init(_ content: [UInt8], name: String) throws {
        func problem(_ line: Int, _ text: String) -> CommandFailure {
            CommandFailure(.dataError, "\(name):\(line): \(text)")
        }
        let columns = Self.columns.joined(separator: ",")
        var header: Header?
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
                header = Header(fields)
                guard header != nil || number < Self.preamble else {
                    throw problem(number, "no line before it has the columns \(columns)")
                }
                continue
            }
            guard fields.count == header.count else {
                throw problem(number, "has \(fields.count) fields, not \(header.count)")
            }
            guard let platform = header.platform(of: fields) else { continue }
            let (region, type, text) = (
                fields[header.region], fields[header.instanceType], fields[header.price]
            )
            guard !region.isEmpty, !type.isEmpty else {
                throw problem(number, "has no region or no instance type")
            }
            guard let price = Price(text) else {
                throw problem(
                    number, "the price must be a number of USD an hour, not \"\(SafeText.cut(text, to: 40))\""
                )
            }
            let key = OnDemandPrices.Key(region, type, platform)
            if header.isOfOperator, let other = prices[key], other != price {
                throw problem(number, "\(type) in \(region) has another price in an earlier line")
            }
            // An offer file lists instance types that cannot be bought at a price of zero.
            if price > .zero { prices[key] = price }
        }
        guard !prices.all.isEmpty else {
            throw CommandFailure(.dataError, "\(name) contains no price; its columns must be \(columns)")
        }
    }
}
