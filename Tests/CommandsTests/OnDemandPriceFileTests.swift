import Domain
import Testing

@testable import Commands

@Suite("A file of on-demand prices")
struct OnDemandPriceFileTests {
    private func read(_ text: String) throws -> OnDemandPrices {
        try OnDemandPriceFile(Array(text.utf8), name: "prices.csv").prices
    }

    @Test("of an operator has three columns in any order")
    func operatorFile() throws {
        let prices = try read(
            "instance_type,price_usd_per_hour,region,note\r\nc5.xlarge,0.17,us-east-1,x\r\n")
        #expect(prices.all == [.init("us-east-1", "c5.xlarge"): Price(usd: 0.17)])
    }

    @Test("with products has the prices of platforms")
    func products() throws {
        let prices = try read(
            """
            region,instance_type,product,price_usd_per_hour
            us-east-1,c5.xlarge,Windows,9
            us-east-1,c5.xlarge,Linux/UNIX,0.17
            us-east-1,m5.xlarge,Solaris,9

            """)
        #expect(
            prices.all == [
                .init("us-east-1", "c5.xlarge"): Price(usd: 0.17),
                .init("us-east-1", "c5.xlarge", .windows): Price(usd: 9),
            ])
    }

    @Test("of EC2 gives the hourly prices on shared hardware")
    func offerFile() throws {
        let header = """
            "SKU","TermType","Unit","PricePerUnit","Currency","Region Code","Instance Type","Tenancy",\
            "Operating System","Pre Installed S/W","CapacityStatus"
            """
        func row(
            _ type: String, _ price: String, term: String = "OnDemand", tenancy: String = "Shared",
            system: String = "Linux", software: String = "NA", status: String = "Used"
        ) -> String {
            """
            "X","\(term)","Hrs","\(price)","USD","us-east-1","\(type)","\(tenancy)","\(system)","\(software)","\(status)"
            """
        }
        let prices = try read(
            ([
                "\"FormatVersion\",\"v1.0\"", "\"Disclaimer\",\"This list, and more\"", header,
                row("c5.xlarge", "0.1700000000"), row("c5.xlarge", "0.35", system: "Windows"),
                row("c5.xlarge", "0.9", tenancy: "Dedicated"), row("c5.xlarge", "0.1", term: "Reserved"),
                row("c5.xlarge", "0.4", software: "SQL Web"), row("m5.xlarge", "0.192"),
                row("m5.xlarge", "0.0", status: "AllocatedCapacityReservation"), row("u.metal", "0.0"),
            ]).joined(separator: "\n"))
        #expect(
            prices.all == [
                .init("us-east-1", "c5.xlarge"): Price(usd: 0.17),
                .init("us-east-1", "c5.xlarge", .windows): Price(usd: 0.35),
                .init("us-east-1", "m5.xlarge"): Price(usd: 0.192),
            ])
    }

    @Test("of EC2 gives the prices with the license of AWS")
    func licenses() throws {
        let prices = try read(
            """
            TermType,Unit,PricePerUnit,Currency,Region Code,Instance Type,Tenancy,Operating System,License Model,\
            Pre Installed S/W,CapacityStatus
            OnDemand,Hrs,0.35,USD,us-east-1,c5.xlarge,Shared,Windows,No License required,NA,Used
            OnDemand,Hrs,0.17,USD,us-east-1,c5.xlarge,Shared,Windows,Bring your own license,NA,Used

            """)
        #expect(prices.all == [.init("us-east-1", "c5.xlarge", .windows): Price(usd: 0.35)])
    }

    @Test(
        "with a mistake is refused with its line",
        arguments: [
            (
                "region,instance_type,price_usd_per_hour\nus-east-1,c5.xlarge\n",
                "prices.csv:2: has 2 fields, not 3"
            ),
            (
                "region,instance_type,price_usd_per_hour\nus-east-1,c5.xlarge,cheap\n",
                "prices.csv:2: the price must be a number of USD an hour, not \"cheap\""
            ),
            (
                "region,instance_type,price_usd_per_hour\n,c5.xlarge,1\n",
                "prices.csv:2: has no region or no instance type"
            ),
            (
                "region,instance_type,price_usd_per_hour\n\"us,1,1\n",
                "prices.csv:2: has a quotation mark that is not closed"
            ),
            (
                "region,instance_type,price_usd_per_hour\nus,c5.large,1\nus,c5.large,1\nus,c5.large,2\n",
                "prices.csv:4: c5.large in us has another price in an earlier line"
            ),
            ("", "prices.csv contains no price; its columns must be region,instance_type,price_usd_per_hour"),
            (
                String(repeating: "a,b\n", count: 9),
                "prices.csv:8: no line before it has the columns region,instance_type,price_usd_per_hour"
            ),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: CommandFailure.self) { try read(text) }
        #expect(error?.messages == [message])
    }
}
