import AWS
import Configuration
import Domain
import EC2
import Formats
import FoundationEssentials
import HTTPTransport
import Platform
import Simulation

extension MarketOptions {
    /// Fetches the price history of regions and instance types, and writes a price file.
    func record(to file: String, _ json: JSONOption) async throws {
        guard !regions.isEmpty, !instanceTypes.isEmpty else {
            throw CommandFailure(.usage, "--record needs --regions and --instance-types")
        }
        let days = days.value
        guard days > 0, days <= 90 else {
            throw CommandFailure(
                .usage, "--days must be above 0 and at most 90: EC2 keeps prices for 90 days")
        }
        let environment = ProcessInfo.processInfo.environment
        let now = Date()
        let http = HTTPClient(deadline: now.addingTimeInterval(900), timeout: 60)
        let ec2 = EC2Client(
            http: http, endpoint: Endpoint(environment: environment),
            credentials: CredentialsChain(environment: environment))
        let since = now.addingTimeInterval(-days * 86_400)
        var prices: [SpotPrice] = []
        for region in Set(regions).sorted() {
            do {
                let history = try await ec2.spotPrices(
                    region: region, instanceTypes: Set(instanceTypes).sorted(), platforms: [.linux],
                    since: since)
                prices += history.prices
                if history.unusable > 0 {
                    Terminal.printError(
                        "prices \(region): \(history.unusable) records without a usable price skipped")
                }
            } catch let failure as ServiceFailure {
                throw CommandFailure(failure.exit, "prices \(region): \(failure)")
            }
        }
        // The file is written at once, so that a failed page leaves no incomplete file.
        try OutputFile.write(PriceCSV.write(prices), to: file)
        if json.isSet {
            return try Terminal.print(document: [
                "file": .string(file), "priceCount": .integer(Int64(prices.count)),
                "poolCount": .integer(Int64(Set(prices.map(\.pool)).count)),
            ])
        }
        Terminal.print("\(prices.count) prices of \(Set(prices.map(\.pool)).count) pools written to \(file)")
    }
}
