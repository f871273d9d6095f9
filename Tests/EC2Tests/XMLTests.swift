import Domain
import Formats
import Foundation
import TestSupport
import Testing

@testable import AWS
@testable import EC2

@Suite("The XML reader")
struct XMLTests {
    private func instances(_ items: String) -> [UInt8] {
        Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>
            <reservationSet><item><instancesSet>\(items)</instancesSet></item></reservationSet>
            <nextToken>more</nextToken></DescribeInstancesResponse>
            """.utf8)
    }

    private let item = """
        <item><instanceId>i-0123456789abcdef0</instanceId><imageId>ami-1</imageId>
        <instanceState><code>16</code><name>running</name></instanceState><instanceType>c5.xlarge</instanceType>
        <launchTime>2026-11-24T04:13:05.250Z</launchTime><placement><availabilityZone>us-east-1a</availabilityZone>
        </placement><clientToken/><tagSet><item><key>Name</key><value>a &amp; b</value></item>
        <item><value>first the value</value><key>Other</key></item></tagSet>
        <networkInterfaceSet><item><tagSet><item><key>Nested</key><value>not ours</value></item></tagSet></item>
        </networkInterfaceSet></item>
        """

    private func read(_ body: [UInt8]) throws -> EC2Client.Response<Instance> {
        try EC2Client.read(body, action: .describeInstances, EC2Client.instances(region: "us-east-1"))
    }

    @Test("reads the requested elements, tags and token included")
    func instance() throws {
        let answer = try read(instances(item + item))
        #expect(answer.items.count == 2)
        #expect(answer.rootFields["nextToken"] == "more")
        let instance = try #require(answer.items.first)
        #expect(instance.id == "i-0123456789abcdef0")
        #expect(instance.state == .running)
        #expect(instance.pool.availabilityZone == "us-east-1a")
        #expect(instance.launchTime == Date(timestamp: "2026-11-24T04:13:05.250Z"))
        #expect(instance.tags == ["Name": "a & b", "Other": "first the value"])
        #expect(instance.clientToken == nil)
    }

    @Test("refuses a response that is truncated at any byte")
    func truncated() {
        let whole = instances(item)
        for length in stride(from: 0, to: whole.count, by: 7) {
            #expect(throws: (any Error).self) { try read(Array(whole.prefix(length))) }
        }
    }

    @Test("refuses another document, and an instance without a required element")
    func otherDocuments() {
        #expect(throws: (any Error).self) { try read(Array("<html><body/></html>".utf8)) }
        #expect(throws: (any Error).self) { try read(Array("{}".utf8)) }
        #expect(throws: (any Error).self) { try read([]) }
        #expect(throws: (any Error).self) {
            try read(instances("<item><instanceId>i-1</instanceId></item>"))
        }
        #expect(throws: (any Error).self) {
            try read(instances(item.replacingOccurrences(of: ">running<", with: ">dancing<")))
        }
    }

    @Test("refuses exponential and external entities")
    func bomb() {
        let body = """
            <?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">
            <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
            <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>
            <DescribeInstancesResponse><nextToken>&e;&e;&e;&e;&e;&e;&e;&e;</nextToken></DescribeInstancesResponse>
            """
        let answer = try? read(Array(body.utf8))
        #expect((answer?.rootFields["nextToken"] ?? "").count < 1000)
        let external = """
            <?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>
            <DescribeInstancesResponse><nextToken>&f;</nextToken></DescribeInstancesResponse>
            """
        let leaked = try? read(Array(external.utf8))
        #expect(leaked?.rootFields["nextToken"]?.contains("root:") != true)
    }

    @Test("skips and counts price records without a usable price, and keeps the others")
    func prices() throws {
        func record(_ price: String?, type: String = "c5.xlarge", time: String = "2026-11-24T04:13:05.000Z")
            -> String
        {
            "<item><instanceType>\(type)</instanceType><productDescription>Linux/UNIX</productDescription>"
                + (price.map { "<spotPrice>\($0)</spotPrice>" } ?? "")
                + "<timestamp>\(time)</timestamp><availabilityZone>us-east-1a</availabilityZone></item>"
        }
        let records = [
            record("0.070000"), record("-0.07"), record("0"), record("0.000000"), record("n/a"), record(""),
            record(nil), record("nan"), record("0x1"), record("0.08", type: ""),
            record("0.08", time: "today"),
            record("0.090000"),
        ]
        let body = """
            <DescribeSpotPriceHistoryResponse><spotPriceHistorySet>\(records.joined())</spotPriceHistorySet>
            </DescribeSpotPriceHistoryResponse>
            """
        let history = try EC2Client.readSpotPrices(Array(body.utf8), region: "us-east-1")
        #expect(history.prices.map(\.price) == [Price(usd: 0.07), Price(usd: 0.09)])
        #expect(history.unusable == 10)
        #expect(throws: (any Error).self) {
            try EC2Client.readSpotPrices(Array(body.utf8.dropLast(40)), region: "us-east-1")
        }
    }

    @Test("reads prices of the requested platforms, under both names of their products")
    func platforms() throws {
        let products = ["Windows", "Windows (Amazon VPC)", "Linux/UNIX (Amazon VPC)", "SUSE Linux"]
        let records = products.enumerated().map { index, product in
            "<item><instanceType>c5.xlarge</instanceType><productDescription>\(product)</productDescription>"
                + "<spotPrice>0.\(index + 1)</spotPrice><timestamp>2026-11-24T04:13:05.000Z</timestamp>"
                + "<availabilityZone>us-east-1a</availabilityZone></item>"
        }
        let body = """
            <DescribeSpotPriceHistoryResponse><spotPriceHistorySet>\(records.joined())</spotPriceHistorySet>
            </DescribeSpotPriceHistoryResponse>
            """
        func prices(_ platforms: Set<ImagePlatform>) throws -> [SpotPrice] {
            try EC2Client.readSpotPrices(Array(body.utf8), region: "us-east-1", platforms: platforms).prices
        }
        #expect(try prices([.windows]).map(\.price) == [Price(usd: 0.1), Price(usd: 0.2)])
        #expect(try prices([.windows, .suse]).map(\.platform) == [.windows, .windows, .suse])
        #expect(try prices([.linux]).map(\.price) == [Price(usd: 0.3)])
        #expect(try prices([.redHat]).isEmpty)
    }

    @Test("refuses excessive depth")
    func depth() {
        let body = "<DescribeInstancesResponse>" + String(repeating: "<a>", count: 100_000)
        #expect(throws: (any Error).self) { try read(Array(body.utf8)) }
    }
}
