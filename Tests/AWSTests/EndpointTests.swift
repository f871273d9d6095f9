import Formats
import Foundation
import TestSupport
import TestTags
import Testing

@testable import AWS

@Suite("Partitions and endpoints", .tags(.moto))
struct EndpointTests {
    @Test("are those of botocore", .tags(.moto))
    func botocore() async throws {
        let answer = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/servers/botocore_endpoints.py"])
        try #require(answer.status == 0, "\(answer.errors)")
        let known = try #require(try JSONValue(parsing: Data(answer.output.utf8)).objectValue)
        let partitions = try #require(known["partitions"]?.objectValue)
        #expect(Set(partitions.keys) == Set(Partition.all.map(\.id)))
        for (id, value) in partitions {
            let expected = try #require(value.objectValue)
            let regions = (expected["regions"]?.arrayValue ?? []).compactMap(\.stringValue)
            #expect(!regions.isEmpty)
            for region in regions {
                let partition = Partition(ofRegion: region)
                #expect(partition.id == id, "\(region)")
                #expect(partition.dnsSuffix == expected["suffix"]?.stringValue)
                #expect(partition.dualStackDNSSuffix == expected["dualStack"]?.stringValue)
            }
        }
        let endpoints = (known["endpoints"]?.arrayValue ?? []).compactMap(\.objectValue)
        #expect(endpoints.count > 40)
        for endpoint in endpoints {
            let name = endpoint["service"]?.stringValue
            let service: QueryService = name == "sts" ? .sts : name == "ec2" ? .ec2 : .serviceQuotas
            let url = Endpoint(
                service,
                environment: [
                    "AWS_USE_FIPS_ENDPOINT": endpoint["fips"] == true ? "true" : "false",
                    "AWS_USE_DUALSTACK_ENDPOINT": endpoint["dualStack"] == true ? "TRUE" : "",
                ]
            ).url(region: endpoint["region"]?.stringValue ?? "")
            #expect(url == (endpoint["url"]?.stringValue ?? "") + "/")
        }
    }

    @Test("take FIPS and both address families from the profile, unless the environment names them")
    func profile() throws {
        let folder = try TemporaryFolder()
        var environment = [
            "AWS_CONFIG_FILE": try folder.write(
                "[default]\nuse_fips_endpoint = true\n[profile p]\nuse_dualstack_endpoint = True\n",
                to: "config"),
            "AWS_SHARED_CREDENTIALS_FILE": folder.file("none"),
        ]
        func url() -> String { Endpoint(environment: environment).url(region: "us-east-1") }
        #expect(url() == "https://ec2-fips.us-east-1.amazonaws.com/")
        environment["AWS_USE_FIPS_ENDPOINT"] = "false"
        #expect(url() == "https://ec2.us-east-1.amazonaws.com/")
        environment["AWS_PROFILE"] = "p"
        #expect(url() == "https://ec2.us-east-1.api.aws/")
        environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
        #expect(url() == "http://127.0.0.1:1/")
    }
}
