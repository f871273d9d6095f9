import Domain
import Formats
import Foundation
import TestSupport
import TestTags
import Testing

@testable import AWS

/// Situations that botocore resolves too, with the same environment, files, STS, container endpoint and metadata
/// service.
@Suite("AWS credentials compared with botocore", .tags(.moto))
struct CredentialsResolutionTests {
    /// The access key id, or the error.
    private enum Outcome: Equatable {
        case id(String)
        case none
        case error
    }

    private struct Situation {
        let name: String
        var environment: [String: String] = [:]
        var config = ""
        var credentials = ""
    }

    private static let keys = "aws_access_key_id = keys\naws_secret_access_key = secret\n"
    private static let role = "role_arn = arn:aws:iam::123456789012:role/one\n"
    private static let environmentKeys = ["AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "secret"]

    private static func process(_ id: String) -> String {
        #"credential_process = printf '{"Version": 1, "AccessKeyId": "%s", "SecretAccessKey": "s"}' "\#(id)""#
            + "\n"
    }

    /// - Parameters:
    ///   - metadata: URL of the metadata service.
    ///   - token: path of a file with a token.
    private static func situations(metadata: String, token: String) -> [Situation] {
        let container = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": metadata + "/container"]
        let instance = [
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata, "AWS_EC2_METADATA_DISABLED": "false",
        ]
        let web = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/web",
        ]
        return [
            Situation(name: "nothing at all"),
            Situation(name: "keys in the environment", environment: environmentKeys),
            Situation(
                name: "keys in the environment before a profile that is named",
                environment: environmentKeys.merging(["AWS_PROFILE": "p"]) { $1 }, credentials: "[p]\n" + keys
            ),
            Situation(
                name: "keys in the environment before a role", environment: environmentKeys,
                config: "[default]\n\(role)source_profile = p\n", credentials: "[p]\n" + keys),
            Situation(name: "half of the keys", environment: ["AWS_ACCESS_KEY_ID": "env"]),
            Situation(
                name: "empty variables", environment: ["AWS_ACCESS_KEY_ID": ""], config: "[default]\n" + keys),
            Situation(name: "the default profile", credentials: "[default]\n" + keys),
            Situation(
                name: "a profile that is named", environment: ["AWS_PROFILE": "p"],
                credentials: "[p]\n" + keys),
            Situation(
                name: "a profile in the config file", environment: ["AWS_PROFILE": "p"],
                config: "[profile p]\n" + keys),
            Situation(
                name: "a profile with a quoted name", environment: ["AWS_PROFILE": "two words"],
                config: "[profile \"two words\"]\n" + keys),
            Situation(
                name: "both files",
                config: "[default]\naws_access_key_id = other\naws_secret_access_key = x\n",
                credentials: "[default]\n" + keys),
            Situation(
                name: "half of the keys in a profile", credentials: "[default]\naws_access_key_id = keys\n"),
            Situation(name: "a profile that is missing", environment: ["AWS_PROFILE": "gone"]),
            Situation(
                name: "a role with a source profile", config: "[default]\n\(role)source_profile = p\n",
                credentials: "[p]\n" + keys),
            Situation(
                name: "a role with all its settings",
                config: """
                    [default]
                    \(role)source_profile = p
                    external_id = outside
                    duration_seconds = 1800
                    role_session_name = me

                    """, credentials: "[p]\n\(keys)aws_session_token = session\n"),
            Situation(
                name: "a role of a role",
                config: """
                    [default]
                    role_arn = arn:aws:iam::123456789012:role/two
                    source_profile = middle
                    [profile middle]
                    \(role)source_profile = p

                    """, credentials: "[p]\n" + keys),
            Situation(
                name: "a source profile with keys and a role of its own",
                config: "[default]\n\(role)source_profile = p\n[profile p]\n\(role)source_profile = q\n",
                credentials: "[p]\n" + keys),
            Situation(
                name: "a profile that is its own source",
                config: "[default]\n\(role)source_profile = default\n", credentials: "[default]\n" + keys),
            Situation(
                name: "roles in a ring",
                config: "[default]\n\(role)source_profile = p\n[profile p]\n\(role)source_profile = default\n"
            ),
            Situation(
                name: "a source profile that is missing", config: "[default]\n\(role)source_profile = gone\n"),
            Situation(
                name: "a role with two sources",
                config: "[default]\n\(role)source_profile = p\ncredential_source = Environment\n",
                credentials: "[p]\n" + keys),
            Situation(name: "a role with no source", config: "[default]\n" + role),
            Situation(
                name: "a role for the container",
                environment: container, config: "[default]\n\(role)credential_source = EcsContainer\n"),
            Situation(
                name: "a role for the instance",
                environment: instance, config: "[default]\n\(role)credential_source = Ec2InstanceMetadata\n"),
            Situation(name: "a web identity in the environment", environment: web),
            Situation(
                name: "a web identity with a session name",
                environment: web.merging(["AWS_ROLE_SESSION_NAME": "pod"]) { $1 }),
            Situation(
                name: "a web identity before the keys of a profile", environment: web,
                credentials: "[default]\n" + keys),
            Situation(
                name: "a web identity without a role", environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": token]),
            Situation(
                name: "a web identity without a token",
                environment: web.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"]) { $1 }),
            Situation(
                name: "a web identity of a profile",
                config: "[default]\n\(role)web_identity_token_file = \(token)\nrole_session_name = me\n"),
            Situation(
                name: "a role of a web identity of a profile",
                config: """
                    [default]
                    role_arn = arn:aws:iam::123456789012:role/two
                    source_profile = p
                    [profile p]
                    \(role)web_identity_token_file = \(token)

                    """),
            Situation(name: "a process", config: "[default]\n" + process("from a process")),
            Situation(
                name: "a process before keys in the config file", config: "[default]\n\(keys)" + process("p")),
            Situation(
                name: "keys in the credentials file before a process", config: "[default]\n" + process("p"),
                credentials: "[default]\n" + keys),
            Situation(name: "a process that fails", config: "[default]\ncredential_process = false\n"),
            Situation(
                name: "a process of another version",
                config: "[default]\ncredential_process = printf '{\"Version\": 2}'\n"),
            Situation(
                name: "a role for a process",
                config: "[default]\n\(role)source_profile = p\n[profile p]\n" + process("p")),
            Situation(name: "a container", environment: container),
            Situation(
                name: "a container on another host",
                environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/container"]),
            Situation(
                name: "a container before the instance", environment: container.merging(instance) { $1 }),
            Situation(name: "an instance", environment: instance),
            Situation(
                name: "an instance whose service is disabled",
                environment: instance.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }),
            Situation(
                name: "an instance, and a profile that only has a region", environment: instance,
                config: "[default]\nregion = eu-west-1\n"),
        ]
    }

    @Test("come from the same source as in botocore in every situation")
    func table() async throws {
        let folder = try TemporaryFolder()
        let metadata = try Server("metadata_server.py")
        let sts = try Server("sts_server.py")
        try await metadata.control(#"{"numbered": false}"#)
        let token = try folder.write("a.web.token", to: "token")
        let situations = Self.situations(metadata: metadata.url, token: token)
        var environments: [[String: String]] = []
        for (index, situation) in situations.enumerated() {
            environments.append(
                [
                    "PATH": "/usr/bin:/bin", "HOME": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true",
                    "AWS_DEFAULT_REGION": "eu-central-1", "AWS_ENDPOINT_URL_STS": sts.url,
                    "AWS_CONFIG_FILE": try folder.write(situation.config, to: "config-\(index)"),
                    "AWS_SHARED_CREDENTIALS_FILE": try folder.write(
                        situation.credentials, to: "credentials-\(index)"),
                ].merging(situation.environment) { $1 })
        }
        let theirs = try await botocore(environments)
        try #require(theirs.count == situations.count)
        var ids: Set<String> = []
        for (index, situation) in situations.enumerated() {
            let ours = await outcome(environments[index])
            #expect(ours == theirs[index], "\(situation.name)")
            if case .id(let id) = ours { ids.insert(id) }
        }
        // Each source and each way to a role has its own key, so that no two match by chance.
        #expect(ids.count > 14, "\(ids)")
    }

    private func outcome(_ environment: [String: String]) async -> Outcome {
        do {
            return .id(try await CredentialsChain(environment: environment).credentials().accessKeyId)
        } catch {
            return (error as? CredentialsError)?.source == nil ? .none : .error
        }
    }

    private func botocore(_ environments: [[String: String]]) async throws -> [Outcome] {
        let lines = try environments.map {
            String(decoding: try JSONValue.object($0.mapValues(JSONValue.string)).serialized(), as: UTF8.self)
        }
        let answer = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/servers/botocore_credentials.py"],
            input: lines.joined(separator: "\n") + "\n")
        try #require(answer.status == 0, "\(answer.errors)")
        return try JSONValue(parsing: Data(answer.output.utf8)).arrayValue?.map { outcome in
            if let id = outcome.objectValue?["id"]?.stringValue { return .id(id) }
            return outcome.objectValue?["error"] == nil ? .none : .error
        } ?? []
    }
}
