import Formats
import Foundation
import TestSupport
import Testing

@testable import AWS

/// The variables of a machine outside EC2.
let nowhere = ["HOME": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true"]

/// The credentials of the chain for an environment.
func resolve(_ environment: [String: String], cacheFile: String? = nil) async throws -> AWSCredentials {
    try await CredentialsChain(
        environment: nowhere.merging(environment) { _, new in new }, cacheFile: cacheFile
    ).credentials()
}

/// The chain's error for an environment.
func refusal(_ environment: [String: String]) async -> CredentialsError? {
    do {
        let found = try await resolve(environment)
        Issue.record("found \(found)")
        return nil
    } catch {
        return error as? CredentialsError
    }
}

@Suite("AWS credentials")
struct CredentialsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The environment in which this is the config file, and there is no credentials file.
    private func config(_ text: String, profile: String? = nil) throws -> [String: String] {
        var environment = [
            "AWS_CONFIG_FILE": try folder.write(text, to: "config"),
            "AWS_SHARED_CREDENTIALS_FILE": folder.file("none"),
        ]
        environment["AWS_PROFILE"] = profile
        return environment
    }

    @Test("come from the environment first, and their description hides the secret")
    func environment() async throws {
        let found = try await resolve([
            "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session",
        ])
        #expect(
            found == AWSCredentials(accessKeyId: "id", secretAccessKey: "secret", sessionToken: "session"))
        var dumped = ""
        dump(found, to: &dumped)
        #expect(!("\(found)" + String(reflecting: found) + dumped).contains("se"))
    }

    @Test("come from the profile in the shared files, without comments, spaces and nested settings")
    func sharedFiles() async throws {
        let credentials = try folder.write(
            """
            # mine
            [default]
            aws_access_key_id = default-id
            aws_secret_access_key=default-secret

            [ci]
            s3 =
              aws_access_key_id = nested-settings-are-not-ours
            aws_access_key_id=ci-id
            aws_secret_access_key = ci=secret
            aws_session_token = ci-session
            """, to: "credentials")
        let config = try folder.write(
            "[profile other]\naws_access_key_id = other-id\naws_secret_access_key = other-secret\n",
            to: "config")
        func load(_ profile: String?) async throws -> AWSCredentials {
            var environment = ["AWS_SHARED_CREDENTIALS_FILE": credentials, "AWS_CONFIG_FILE": config]
            environment["AWS_PROFILE"] = profile
            return try await resolve(environment)
        }
        #expect(try await load(nil).accessKeyId == "default-id")
        #expect(
            try await load("ci")
                == AWSCredentials(
                    accessKeyId: "ci-id", secretAccessKey: "ci=secret", sessionToken: "ci-session"))
        #expect(try await load("other").accessKeyId == "other-id")
    }

    @Test("that do not exist cause an error that names every source")
    func none() async throws {
        let error = try #require(await refusal([:]))
        #expect(error.source == nil)
        for tried in [
            "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "profile default",
            "AWS_CONTAINER_CREDENTIALS",
            "AWS_EC2_METADATA_DISABLED",
        ] {
            #expect(error.description.contains(tried), "\(tried)")
        }
    }

    @Test(
        "of a source that is misconfigured stop the chain with an error that names the source",
        arguments: [
            ("[default]\naws_access_key_id = id\n", "no aws_secret_access_key"),
            ("[default]\nrole_arn = arn:r\n", "neither source_profile nor credential_source"),
            ("[default]\nrole_arn = arn:r\nsource_profile = gone\n", "source_profile gone is not in"),
            ("[default]\nrole_arn = arn:r\ncredential_source = Moon\n", "and is Moon"),
            (
                "[default]\nrole_arn = arn:r\ncredential_source = Environment\n",
                "its credential_source Environment has none: AWS_ACCESS_KEY_ID is not set"
            ),
            (
                "[default]\nrole_arn = arn:r\nsource_profile = x\ncredential_source = Environment\n",
                "both source_profile and credential_source"
            ),
            (
                """
                [default]
                role_arn = arn:r
                source_profile = b
                [profile b]
                role_arn = arn:b
                source_profile = c
                [profile c]
                role_arn = arn:c
                source_profile = b
                """, "form a cycle: default -> b -> c -> b"
            ),
            ("[default]\nrole_arn = arn:r\nsource_profile = default\n", "form a cycle: default -> default"),
            (
                """
                [default]
                role_arn = arn:r
                source_profile = b
                duration_seconds = 5
                [profile b]
                """, "duration_seconds must be from 900 to 43200"
            ),
            (
                "[default]\nrole_arn = arn:r\nsource_profile = b\n[profile b]\nregion = x\n",
                "its source_profile b has no credentials"
            ),
            ("[default]\nrole_arn = arn:r\nmfa_serial = x\nsource_profile = b\n", "mfa_serial"),
            ("[default]\nweb_identity_token_file = /x\n", "no role_arn"),
            ("[default]\nweb_identity_token_file = /x\nrole_arn = arn:r\n", "the file cannot be read"),
            ("[default]\ncredential_process = 'open\n", "an unterminated quote"),
            (
                "[default]\nsso_session = s\nsso_account_id = 1\n",
                "it has sso_session, which signs in through a browser"
            ),
            ("[default]\nlogin_session = arn:aws:iam::1:user/a\n", "it has login_session, which signs in"),
        ])
    func broken(config text: String, reason: String) async throws {
        let error = try #require(await refusal(try config(text)))
        #expect(error.source != nil)
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test("of a missing profile are an error when AWS_PROFILE names it, and absent for the default profile")
    func missingProfile() async throws {
        #expect(await refusal(try config("[default]\n", profile: "gone"))?.source == "the profile gone")
        #expect(await refusal(try config("[profile other]\n"))?.source == nil)
    }

    @Test("in an unreadable file cause an error that names the file")
    func unreadable() async throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("config"), withIntermediateDirectories: true)
        let error = await refusal(["AWS_CONFIG_FILE": folder.file("config")])
        #expect(error?.source == folder.file("config"))
    }

    @Test("are read from files with a byte order mark, and not from files in UTF-16")
    func byteOrderMark() async throws {
        let text = "[default]\naws_access_key_id = id\naws_secret_access_key = secret\n"
        for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            var environment = [name: try folder.write("\u{feff}" + text, to: "marked")]
            #expect(try await resolve(environment).accessKeyId == "id")
            environment[name] = folder.file("wide")
            try #require(text.data(using: .utf16)).write(to: URL(filePath: folder.file("wide")))
            #expect(await refusal(environment)?.description.contains("UTF-16: store it as UTF-8") == true)
        }
    }

    @Test("in a home folder that is unknown are absent, and the message names HOME")
    func noHome() async throws {
        let absent = await refusal(["HOME": ""])
        let message = try #require(absent).description
        #expect(
            message.contains(
                "there is no profile default in ~/.aws/config and ~/.aws/credentials (HOME is not set"))
        let named = try #require(await refusal(["HOME": "", "AWS_PROFILE": "p"]))
        #expect(named.description.contains("HOME is not set"))
    }

    @Test("in the environment that are incomplete or expired are an error")
    func halfEnvironment() async {
        #expect(
            await refusal(["AWS_ACCESS_KEY_ID": "id"])?.description.contains("AWS_SECRET_ACCESS_KEY") == true)
        let expired = [
            "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "s",
            "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
        ]
        #expect(await refusal(expired)?.description.contains("expired") == true)
    }

    @Test("expire at the time in their document, in every common time format")
    func times() {
        let time = Date(timeIntervalSince1970: 1_795_512_600)
        for text in [
            "2026-11-24T09:30:00Z", "2026-11-24T09:30:00.123Z", "2026-11-24T09:30:00.123456Z",
            "2026-11-24T09:30:00+00:00", "2026-11-24T10:30:00+01:00", "2026-11-24T09:30:00.123456+00:00",
        ] {
            let read = Date(timestamp: text)?.timeIntervalSince(time)
            #expect(read.map { (0..<1).contains($0) } == true, "\(text)")
        }
        for text in ["", "tomorrow", "2026-11-24", "."] { #expect(Date(timestamp: text) == nil) }
    }
}
