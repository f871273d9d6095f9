import ArgumentParser
import Configuration
import Domain
import Formats
import Platform
import Storage

struct OnDemandPriceCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "on-demand-prices",
        abstract: "Store and list the on-demand prices that costs are computed from.",
        subcommands: [Import.self, List.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Store the on-demand prices of a file.",
            discussion: """
                The file has comma-separated values with the columns region, instance_type and price_usd_per_hour, or it is an offer \
                file of EC2, plain or gzip. `-` is standard input. The prices of a region in the file replace the stored prices \
                of this region.

                Example: aws-provisioner on-demand-prices import prices.csv
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The file.", completion: .file()) var file: String
        @OptionGroup var json: JSONOption

        func run() async throws {
            let prices = try OnDemandPriceFile(try await InputFile.read(file), name: file).prices
            let database = try common.deployment().openDatabase(.full)
            try database.costs.replace(prices)
            let regions = prices.byRegion.keys.sorted()
            if json.isSet {
                return try Terminal.print(
                    document: [
                        "regions": .array(regions.map(JSONValue.string)),
                        "priceCount": .integer(Int64(prices.count)),
                    ])
            }
            Terminal.print("stored \(prices.count) prices of \(regions.joined(separator: ", "))")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the stored on-demand prices.",
            discussion: "Example: aws-provisioner on-demand-prices list --json")

        @OptionGroup var common: CommonOptions
        @OptionGroup var tables: TableOptions
        @OptionGroup var json: JSONOption

        func run() throws {
            let prices = try common.deployment().openDatabase(.readOnly).costs.onDemandPrices()
            let rows = prices.byRegion.sorted { $0.key < $1.key }.flatMap { region, types in
                types.sorted { $0.key < $1.key }.map { (region: region, type: $0.key, price: $0.value) }
            }
            if json.isSet {
                return try Terminal.print(
                    document: [
                        "prices": .array(
                            rows.map {
                                [
                                    "region": .string($0.region), "instanceType": .string($0.type),
                                    "usdPerHour": .number($0.price.usd),
                                ]
                            })
                    ])
            }
            var table = TextTable("region", "instance type", "USD/h")
            for row in rows { table.add(row.region, row.type, row.price.usd.formatted(decimals: 4)) }
            Terminal.print(table.isEmpty ? ["no on-demand prices are stored"] : table.shown(tables))
        }
    }
}
