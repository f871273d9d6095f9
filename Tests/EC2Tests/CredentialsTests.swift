import Foundation
import TestSupport
import Testing

@testable import EC2

@Suite("AWS credentials")
struct CredentialsTests {
    @Test("come from the environment first")
    func environment() async throws {
        let found = try await CredentialsChain(environment: [
            "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session",
        ]).credentials()
        #expect(
            found == AWSCredentials(accessKeyId: "id", secretAccessKey: "secret", sessionToken: "session"))
        #expect(!"\(found)".contains("secret"))
    }

    @Test("come from the shared files, by profile; comments and spaces do not matter")
    func sharedFiles() async throws {
        let folder = try TemporaryFolder()
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
            return try await CredentialsChain(environment: environment).credentials()
        }
        #expect(try await load(nil).accessKeyId == "default-id")
        #expect(
            try await load("ci")
                == AWSCredentials(
                    accessKeyId: "ci-id", secretAccessKey: "ci=secret", sessionToken: "ci-session"))
        #expect(try await load("other").accessKeyId == "other-id")
        await #expect(throws: (any Error).self) { try await load("missing") }
    }

    @Test("that are nowhere: the error says what was tried")
    func none() async throws {
        let error = await #expect(throws: NoCredentials.self) {
            try await CredentialsChain(environment: ["HOME": "/nowhere"]).credentials()
        }
        #expect(error?.description.contains("AWS_ACCESS_KEY_ID") == true)
    }
}
