import Domain
import Formats
import TestSupport
import Testing

@Suite("Session tokens of the instance metadata service")
struct MetadataTokensTests {
    @Test("are not mentioned by default")
    func account() {
        #expect(ProvisioningRules().metadataTokens == .account)
        #expect(MetadataTokens.account.applied(to: ["ImageId": "ami-1"]) == ["ImageId": "ami-1"])
    }

    @Test(
        "follow the setting where the definition has no option",
        arguments: [MetadataTokens.required, .optional])
    func setting(tokens: MetadataTokens) {
        let applied = tokens.applied(to: ["MetadataOptions": ["HttpPutResponseHopLimit": 2]])
        #expect(
            applied == [
                "MetadataOptions": ["HttpPutResponseHopLimit": 2, "HttpTokens": .string(tokens.rawValue)]
            ])
    }

    @Test(
        "follow the definition where it has an option or no metadata service",
        arguments: [["HttpTokens": "optional"], ["HttpEndpoint": "disabled"]] as [JSONObject])
    func definition(options: JSONObject) {
        let specification: JSONObject = ["MetadataOptions": .object(options)]
        #expect(MetadataTokens.required.applied(to: specification) == specification)
    }

    @Test("are reported as absent unless all instances require them")
    func allowsVersion1() {
        var definition = WorkerTypeDefinition.sample(regions: ["us-east-1", "us-west-2"])
        #expect(MetadataTokens.account.allowsVersion1(definition))
        #expect(!MetadataTokens.required.allowsVersion1(definition))
        definition.regions[0].launchSpec["MetadataOptions"] = ["HttpTokens": "required"]
        #expect(MetadataTokens.account.allowsVersion1(definition), "the other region")
        definition.launchSpec["MetadataOptions"] = ["HttpTokens": "required"]
        #expect(!MetadataTokens.account.allowsVersion1(definition))
        definition.launchSpec["MetadataOptions"] = ["HttpTokens": "optional"]
        definition.regions[0].launchSpec["MetadataOptions"] = nil
        #expect(MetadataTokens.required.allowsVersion1(definition))
    }
}
