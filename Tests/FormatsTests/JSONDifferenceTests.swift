import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@Suite("A difference of two documents")
struct JSONDifferenceTests {
    private func lines(_ old: JSONValue, _ new: JSONValue) -> [String] {
        JSONDifference.between(old, new).flatMap(\.lines)
    }

    @Test("has the path and both values; equal documents have no difference")
    func places() {
        #expect(
            lines(["a": 1, "b": ["c": "x"]], ["a": 1, "b": ["c": "y"]]) == [#"- b.c: "x""#, #"+ b.c: "y""#])
        #expect(lines(["a": [1, 2]], ["a": [1, 2]]).isEmpty)
        #expect(lines(["a": 1], [:]) == ["- a: 1"])
        #expect(lines(["a": [1, [:]]], ["a": [1, ["b": true]]]) == ["+ a[1].b: true"])
        #expect(lines(["a": [1]], ["a": [1, 2]]) == ["- a: [1]", "+ a: [1, 2]"])
    }

    @Test("compares instance types, regions and zones by name, and reports a change of their order")
    func named() {
        let a: JSONValue = ["instanceType": "c5.large", "utility": 1]
        let b: JSONValue = ["instanceType": "m5.large", "utility": 2]
        let c: JSONValue = ["instanceType": "m5.large", "utility": 3]
        #expect(
            lines(["instanceTypes": [a, b]], ["instanceTypes": [c]]) == [
                #"- instanceTypes[c5.large]: {"instanceType": "c5.large", "utility": 1}"#,
                "- instanceTypes[m5.large].utility: 2", "+ instanceTypes[m5.large].utility: 3",
            ])
        #expect(
            lines(["instanceTypes": [a, b]], ["instanceTypes": [b, a]]) == [
                #"- instanceTypes[order]: ["c5.large", "m5.large"]"#,
                #"+ instanceTypes[order]: ["m5.large", "c5.large"]"#,
            ])
    }

    @Test("shows added and removed scopes one by one")
    func scopes() {
        #expect(
            lines(["scopes": ["a", "b"]], ["scopes": ["b", "c"]]) == [#"- scopes: "a""#, #"+ scopes: "c""#])
        #expect(
            !lines(["scopes": ["a", "b"]], ["scopes": ["b", "a"]]).isEmpty, "their order is a difference too")
    }

    @Test("reports changed secrets without their values at every depth, also in added and removed values")
    func secrets() {
        let old: JSONValue = ["secrets": ["t": ["deep": "planted-1"], "gone": "planted-2"], "x": 1]
        let new: JSONValue = [
            "secrets": ["t": ["deep": "planted-3"], "made": "planted-4"], "x": 1,
            "regions": [["region": "r", "secrets": ["s": "planted-5"]]],
        ]
        let all = lines(old, new)
        #expect(!all.joined().contains("planted"))
        #expect(all.contains("~ secrets.t: another value"))
        #expect(all.contains(#"- secrets.gone: "<secret>""#))
        #expect(all.contains(#"+ secrets.made: "<secret>""#))
        #expect(all.contains { $0.hasPrefix("+ regions: ") && $0.contains(#"{"s": "<secret>"}"#) })
    }

    @Test("is printed without control characters, on one line")
    func controls() {
        let text = JSONValue.string("a\u{1b}[31m\n\"b\"\u{9b}").inline
        #expect(text == #""a\u001b[31m\n\"b\"\u009b""#)
    }
}

@Suite("A definition with its secrets hidden")
struct HiddenSecretsTests {
    private func definition(_ secrets: JSONObject) -> WorkerTypeDefinition {
        var definition = WorkerTypeDefinition.sample(secrets: secrets)
        definition.regions[0].secrets = ["r": "regional"]
        return definition
    }

    @Test("gets its secrets from the stored definition, also when instance types moved")
    func back() {
        var stored = definition(["a": "1"])
        stored.instanceTypes = [
            InstanceTypeConfiguration(instanceType: "c5.large", capacity: 1, utility: 1, secrets: ["x": "c"]),
            InstanceTypeConfiguration(instanceType: "m5.large", capacity: 1, utility: 1, secrets: ["x": "m"]),
        ]
        var edited = stored.hidingSecrets
        #expect(!"\(edited)".contains("regional"))
        edited.instanceTypes.reverse()
        let (definition, missing) = edited.takingSecrets(from: stored)
        #expect(missing.isEmpty)
        #expect(definition.instanceTypes.map(\.secrets) == [["x": "m"], ["x": "c"]])
        #expect(definition.secrets == stored.secrets)
        #expect(definition.regions == stored.regions)
    }

    @Test("reports a placeholder without a stored secret, and never stores it as a value")
    func missing() {
        let (definition, missing) = definition(["a": "1"]).hidingSecrets.takingSecrets(from: .sample())
        #expect(missing == ["regions[us-east-1].secrets.r", "secrets.a"])
        #expect(definition.secrets.isEmpty)
        #expect(self.definition(["a": "1"]).hidingSecrets.takingSecrets(from: nil).missing.count == 2)
    }
}
