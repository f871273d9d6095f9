import Configuration
import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("Settings")
struct SettingsTests {
    func problems(_ file: JSONObject, _ environment: [String: String] = [:]) -> [String] {
        do {
            _ = try Settings(file: file, environment: environment)
            return []
        } catch {
            return error.problems
        }
    }

    @Test("have the documented defaults")
    func defaults() throws {
        let settings = try Settings(file: [:], environment: [:])
        #expect(settings.database == "/var/lib/aws-provisioner/provisioner.sqlite")
        #expect(settings.provisionerId == "aws-provisioner-v1")
        #expect(settings.rules == ProvisioningRules())
        #expect(settings.deadline == 900)
        #expect(settings.fetchTimeout == 60)
        #expect(settings.queueConcurrency == 32)
        #expect(settings.validateLaunch)
        let error = #expect(throws: Settings.Problems.self) { try settings.requireForIterating() }
        #expect(error?.problems.count == 3)
    }

    @Test("refuse temporary credentials for the issuer of worker credentials")
    func temporaryIssuer() throws {
        var environment = ["TASKCLUSTER_CLIENT_ID": "a", "TASKCLUSTER_ACCESS_TOKEN": "planted"]
        #expect(try Settings(file: [:], environment: [:]).workerIssuer() == nil)
        let permanent = try Settings(file: [:], environment: environment).workerIssuer()
        #expect(permanent?.clientId == "a")
        #expect(permanent?.accessToken == "planted")
        environment["TASKCLUSTER_CERTIFICATE"] = "{}"
        let settings = try Settings(file: [:], environment: environment)
        let error = #expect(throws: Settings.Problems.self) { try settings.workerIssuer() }
        #expect(
            error?.description.hasPrefix("TASKCLUSTER_CERTIFICATE (\"taskclusterCertificate\"): ") == true)
        #expect(error?.description.contains("planted") == false)
    }

    @Test("have the defaults that the documentation states, as values")
    func declaredDefaults() throws {
        let defaults = try Settings(file: [:], environment: [:])
        // A default that is no value: a sentence about the absence of one.
        let sentences = [
            "none", "none: no key pair", "required to launch", "required to iterate", "the key file",
            "the database's path + .key", "text on a terminal, else json",
        ]
        let declared = Setting.all.filter { !sentences.contains($0.standard) }
        #expect(declared.count == 33)
        for setting in declared {
            // A setting with its documented default, written out, equals the absent setting.
            let stated = try Settings(file: [:], environment: [setting.variable: setting.standard])
            #expect(Self.dumped(stated) == Self.dumped(defaults), "\(setting.key)")
        }
    }

    @Test("refuse a life of secrets below a minute")
    func secretLife() throws {
        #expect(try Settings(file: ["secretLife": "20m"], environment: [:]).rules.secretLife == 1200)
        #expect(problems(["secretLife": "59s"]).allSatisfy { $0.contains("at least 1m") })
        #expect(problems(["secretLife": "59s"]).count == 1)
    }

    @Test("refuse a claim grace above an hour")
    func claimGrace() throws {
        let settings = try Settings(file: [:], environment: ["AWS_PROVISIONER_CLAIM_GRACE": "45s"])
        #expect(settings.rules.claimGrace == 45)
        #expect(try Settings(file: [:], environment: [:]).rules.claimGrace == 120)
        #expect(problems(["claimGrace": "61m"]).count == 1)
    }

    private static func dumped(_ settings: Settings) -> String {
        var text = ""
        dump(settings, to: &text)
        return text
    }

    @Test("accept the former name of heartbeatUrl, and refuse two names with different values")
    func aliases() throws {
        let (url, other) = ("https://monitor.example.com/1", "https://monitor.example.com/2")
        let names = [["checkInUrl"], ["heartbeatUrl"], ["checkInUrl", "heartbeatUrl"]]
        for keys in names {
            let file = JSONObject(uniqueKeysWithValues: keys.map { ($0, .string(url)) })
            #expect(try Settings(file: file, environment: [:]).heartbeatUrl == url)
        }
        let variables = ["AWS_PROVISIONER_CHECK_IN_URL", "AWS_PROVISIONER_HEARTBEAT_URL"]
        for variable in variables {
            #expect(try Settings(file: [:], environment: [variable: url]).heartbeatUrl == url)
            // The environment takes precedence over the file, under either name.
            for key in ["checkInUrl", "heartbeatUrl"] {
                let settings = try Settings(file: [key: .string(other)], environment: [variable: url])
                #expect(settings.heartbeatUrl == url)
            }
        }
        #expect(problems(["checkInUrl": .string(url), "heartbeatUrl": .string(other)]).count == 1)
        #expect(problems([:], [variables[0]: url, variables[1]: other]).count == 1)
        #expect(
            try Settings(file: ["checkInUrl": .null, "heartbeatUrl": .string(url)], environment: [:])
                .heartbeatUrl == url)
    }

    @Test("come from the file, and the environment wins")
    func precedence() throws {
        let settings = try Settings(
            file: [
                "regions": ["us-east-1", "us-west-2"], "bootFailureLimit": 7, "maxLife": "2d",
                "provisionerId": "file",
            ],
            environment: ["AWS_PROVISIONER_ID": "environment", "AWS_PROVISIONER_DATABASE": ""])
        #expect(settings.regions == ["us-east-1", "us-west-2"])
        #expect(settings.rules.maxLife == 172_800)
        #expect(settings.rules.bootFailureLimit == 7)
        #expect(settings.provisionerId == "environment")
        #expect(settings.database == "/var/lib/aws-provisioner/provisioner.sqlite")
    }

    @Test("accept a public key only in the form of OpenSSH, and name the setting otherwise")
    func publicKey() throws {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
        for text in [key, key + " a comment", "  " + key + " me\n"] {
            #expect(
                try Settings(file: ["publicKey": .string(text)], environment: [:]).publicKey?.hasPrefix(key)
                    == true)
        }
        for text in [
            "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
            key.replacing("ssh-ed25519", with: "ssh-rsa"),
            "ssh-dss AAAAB3NzaC1kc3M=", "-----BEGIN OPENSSH PRIVATE KEY-----", key + " a\n" + key,
            "ssh-rsa /////w==",
            "/root/.ssh/id_ed25519.pub",
        ] {
            let found = problems(["publicKey": .string(text)])
            #expect(found.first?.contains("(\"publicKey\") is not an OpenSSH public key") == true, "\(text)")
            #expect(found.count == 1)
        }
    }

    @Test("name the scopes of workers, as a list or separated by commas, and the issuer has these alone")
    func workerScopes() throws {
        let list = try Settings(
            file: ["workerScopes": ["a:b,c", "d:*"], "provisionerId": "p"], environment: [:])
        #expect(
            list.issuerScopes == ["assume:worker-type:p/*", "assume:worker-id:*", "a:b,c", "d:*"])
        #expect(!list.requirePayloadHash)
        let text = try Settings(
            file: ["workerScopes": ["x"]],
            environment: [
                "AWS_PROVISIONER_WORKER_SCOPES": " a:b , c d,,a:b",
                "AWS_PROVISIONER_REQUIRE_PAYLOAD_HASH": "true",
            ])
        #expect(text.workerScopes == ["a:b", "c d"])
        #expect(text.requirePayloadHash)
        for scope in ["*", "aws-provisioner:x", "aws-*", "a*", "é"] {
            #expect(problems(["workerScopes": [.string(scope)]]).count == 1)
        }
        #expect(problems(["workerScopes": [1]]).count == 1)
    }

    @Test("report everything that is wrong at once, each by both its names")
    func allProblems() {
        let found = problems(
            ["maxBid": "much", "colour": "red", "regions": ["a": 1]],
            ["AWS_PROVISIONER_DEADLINE": "soon", "AWS_PROVISIONER_BASE_URL": "ftp://x"])
        #expect(found.contains { $0.contains("AWS_PROVISIONER_MAX_BID") && $0.contains("maxBid") })
        #expect(found.contains { $0.contains("\"colour\"") })
        #expect(found.contains { $0.contains("AWS_PROVISIONER_DEADLINE") })
        #expect(found.contains { $0.contains("AWS_PROVISIONER_BASE_URL") })
        #expect(found.contains { $0.contains("AWS_PROVISIONER_REGIONS") })
    }

    @Test(
        "refuse values out of bounds",
        arguments: [
            ("AWS_PROVISIONER_MAX_POOL_SHARE", "0"), ("AWS_PROVISIONER_MAX_POOL_SHARE", "1.1"),
            ("AWS_PROVISIONER_BOOT_FAILURE_LIMIT", "0"), ("AWS_PROVISIONER_BOOT_FAILURE_LIMIT", "2.5"),
            ("AWS_PROVISIONER_MAX_BID", "-1"), ("AWS_PROVISIONER_MAX_LIFE", "nan"),
            ("AWS_PROVISIONER_UTILITY", "add"), ("AWS_PROVISIONER_TERMINATE_UNKNOWN", "perhaps"),
            ("AWS_PROVISIONER_LOG_LEVEL", "loud"), ("AWS_PROVISIONER_STRATEGY", "cheapest"),
            ("AWS_PROVISIONER_MAX_PREMIUM", "-0.1"), ("AWS_PROVISIONER_TASK_TIME", "0"),
            ("AWS_PROVISIONER_IDLE_EXPONENT", "1.1"), ("AWS_PROVISIONER_IDLE_EXPONENT", "-0.1"),
            ("AWS_PROVISIONER_REGIONS", "US East"),
        ])
    func bounds(variable: String, value: String) {
        #expect(problems([:], [variable: value]).count == 1)
    }

    @Test(
        "refuse a rule of session tokens that spot requests cannot carry", arguments: MetadataTokens.allCases)
    func metadataTokens(tokens: MetadataTokens) throws {
        let file: JSONObject = ["metadataTokens": .string(tokens.rawValue)]
        #expect(try Settings(file: file, environment: [:]).rules.metadataTokens == tokens)
        let found = problems(file.merging(["requestMode": "request-spot-instances"]) { $1 })
        #expect(found.count == (tokens == .account ? 0 : 1))
        #expect(found.allSatisfy { $0.contains("AWS_PROVISIONER_METADATA_TOKENS") })
    }

    @Test("that are secret show themselves nowhere")
    func secrets() throws {
        let settings = try Settings(
            file: [:],
            environment: ["TASKCLUSTER_ACCESS_TOKEN": "planted", "AWS_PROVISIONER_ENCRYPTION_KEY": "planted"])
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("planted"))
        #expect(!"\(settings)".contains("planted"))
    }

    @Test("refuse removed names with the name that replaces them")
    func removedNames() {
        let advice =
            ": idleExponent (AWS_PROVISIONER_IDLE_EXPONENT) replaces it with another scale: remove it to use the default"
        #expect(
            problems(["idlePremium": 0.1], ["AWS_PROVISIONER_IDLE_PREMIUM": "0.1"]) == [
                "the configuration file has an unknown key \"idlePremium\"" + advice,
                "the environment has an unknown setting AWS_PROVISIONER_IDLE_PREMIUM" + advice,
            ])
    }

    @Test("refuse unknown names in the file and in the environment, with the nearest name")
    func unknownNames() {
        let error = #expect(throws: Settings.Problems.self) {
            try Settings(
                file: ["maxbid": 1, "colour": "red"],
                environment: [
                    "AWS_PROVISIONER_MAXBID": "1", "AWS_PROVISIONER_CONFIG": "/x", "AWS_REGION": "r",
                    "AWS_PROVISIONER_CHECK_IN_URL": "https://example.com",
                ])
        }
        #expect(
            error?.problems == [
                "the configuration file has an unknown key \"colour\"",
                "the configuration file has an unknown key \"maxbid\". Did you mean maxBid?",
                "the environment has an unknown setting AWS_PROVISIONER_MAXBID. Did you mean AWS_PROVISIONER_MAX_BID?",
            ])
    }
}
