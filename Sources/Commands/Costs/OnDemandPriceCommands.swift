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
                The file has comma-separated values with the columns region, instance_type and price_usd_per_hour, or it is an \
                offer file of EC2, plain or gzip. A column product may name Linux/UNIX, Windows, Red Hat Enterprise Linux or \
                SUSE Linux. `-` is standard input. The prices of a region in the file replace the stored prices of this region.

                Example: aws-provisioner on-demand-prices import prices.csv
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The file.", completion: .file()) var file: String
        @OptionGroup var json: JSONOption

        func run() async throws {
            let prices = try OnDemandPriceFile(try await InputFile.read(file), name: file).prices
            let database = try common.deployment().openDatabase(.full)
            try database.costs.replace(prices)
            let regions = prices.regions.sorted()
            if json.isSet {
                return try Terminal.print(
                    document: [
                        "regions": .array(regions.map(JSONValue.string)),
                        "priceCount": .integer(Int64(prices.all.count)),
                    ])
            }
            Terminal.print("stored \(prices.all.count) prices of \(regions.joined(separator: ", "))")
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
            let rows = prices.all.sorted { $0.key < $1.key }
            if json.isSet {
                return try Terminal.print(
                    document: [
                        "prices": .array(
                            rows.map { key, price in
                                [
                                    "region": .string(key.region), "instanceType": .string(key.instanceType),
                                    "platform": .string(key.platform.rawValue),
                                    "usdPerHour": .number(price.usd),
                                ]
                            })
                    ])
            }
            var table = TextTable("region", "instance type", "platform", "USD/h")
            for (key, price) in rows {
                table.add(
                    key.region, key.instanceType, "\(key.platform)", price.usd.formatted(decimals: 4))
            }
            Terminal.print(table.isEmpty ? ["no on-demand prices are stored"] : table.shown(tables))
        }
    }
}
