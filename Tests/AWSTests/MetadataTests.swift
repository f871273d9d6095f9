import Foundation
import HTTPTransport
import TestSupport
import TestTags
import Testing

@testable import AWS

@Suite("Credentials of instances, containers and STS", .tags(.moto))
struct MetadataTests {
    private let server: Server

    init() throws { server = try Server("metadata_server.py") }

    private var instance: [String: String] {
        ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/", "AWS_EC2_METADATA_DISABLED": "false"]
    }

    private var container: [String: String] {
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/container?secret=query"]
    }

    @Test("an instance's role is read with a session token, and has an expiration")
    func instanceRole() async throws {
        try await server.control(#"{"life": 3600}"#)
        let asked = Date()
        let found = try await resolve(instance)
        #expect(found.accessKeyId == "instance-key-1")
        let life = try #require(found.expiration).timeIntervalSince(asked)
        // From when it was asked until it answered; times are in whole seconds.
        #expect((3598...3602 + Date().timeIntervalSince(asked)).contains(life))
    }

    @Test(
        "an instance that gives none: no credentials where there is no service or no role, an error where it is ill",
        arguments: [
            (#"{"fault": "no-token"}"#, false, "no session token (HTTP status 403)"),
            (#"{"role": null}"#, false, "the instance has no role"),
            (#"{"fault": "hang"}"#, false, "in time"),
            (#"{"fault": "error"}"#, true, "HTTP status 500"),
            (#"{"fault": "garbage"}"#, true, "not a JSON object"),
            (#"{"fault": "denied"}"#, true, "AssumeRoleUnauthorizedAccess: EC2 cannot assume it"),
        ])
    func instanceFails(control: String, isBroken: Bool, reason: String) async throws {
        try await server.control(control)
        let error = try #require(await refusal(instance))
        #expect((error.source != nil) == isBroken)
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test("expired credentials of the metadata service are used, as AWS documents")
    func ended() async throws {
        try await server.control(#"{"life": -60}"#)
        #expect(try await resolve(instance).accessKeyId == "instance-key-1")
    }

    @Test(
        "a container's endpoint gets the token, from the file before the variable, and the file is read each time"
    )
    func containerToken() async throws {
        let folder = try TemporaryFolder()
        try await server.control(#"{"authorization": "of the variable"}"#)
        var environment = container
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "of the variable"
        #expect(try await resolve(environment).accessKeyId == "container-key-1")
        try await server.control(#"{"authorization": "of the file"}"#)
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = try folder.write("of the file\n", to: "token")
        #expect(try await resolve(environment).accessKeyId == "container-key-2")
        _ = try folder.write("two\nlines", to: "token")
        #expect(await refusal(environment)?.description.contains("line break") == true)
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/nowhere"
        #expect(await refusal(environment)?.description.contains("/nowhere cannot be read") == true)
    }

    @Test("a container's endpoint that refuses stops the chain, and the error hides its query")
    func containerFails() async throws {
        try await server.control(#"{"authorization": "wanted"}"#)
        let error = try #require(await refusal(container.merging(instance) { $1 }))
        #expect(error.description.contains("/container: HTTP status 401"))
        #expect(!error.description.contains("query"))
        #expect(!error.isTransient)
    }

    @Test("a container's relative URI is resolved at the address of ECS")
    func relative() async throws {
        let context = CredentialsContext(
            environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/container/of-this-task"],
            caller: ServiceCaller(http: HTTPClient()), cache: CredentialsCache(path: nil), region: nil,
            clock: { Date() })
        guard
            case .found(let found) = try await ContainerCredentials(context: context, base: server.url)
                .credentials()
        else {
            Issue.record("none")
            return
        }
        #expect(found.accessKeyId == "container-key-1")
        #expect(ContainerCredentials(context: context).base == "http://169.254.170.2")
    }

    @Test("a container's full URI may name this machine, ECS, EKS or a host with TLS")
    func hosts() {
        for allowed in [
            "http://127.0.0.1/x", "http://127.1.2.3:80/x", "http://localhost:1?x", "http://[::1]:80/x",
            "http://169.254.170.2/x", "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1",
            "https://anywhere.example/x",
        ] {
            #expect(ContainerCredentials.isAllowed(allowed), "\(allowed)")
        }
        for refused in [
            "http://example.com/x", "http://127.0.0.1.example.com/", "http://127.0.0.256/", "http://127.0.0/",
            "http://localhost@example.com/", "http://169.254.169.254/", "ftp://127.0.0.1/", "file:///x", "",
            "http://[::2]/", "http://127.0.0.1:80@example.com/",
        ] {
            #expect(!ContainerCredentials.isAllowed(refused), "\(refused)")
        }
    }

    @Test("STS is called in the configured region, and the error contains its message")
    func stsFails() async throws {
        let (sts, folder) = (try Server("sts_server.py"), try TemporaryFolder())
        let config = try folder.write(
            """
            [default]
            role_arn = arn:one
            source_profile = keys
            [profile keys]
            aws_access_key_id = k1
            aws_secret_access_key = planted-secret
            """, to: "config")
        let environment = ["AWS_CONFIG_FILE": config, "AWS_ENDPOINT_URL_STS": sts.url]
        try await sts.control(#"{"fault": "AccessDenied"}"#)
        let refused = try #require(await refusal(environment))
        #expect(
            refused.description.contains(
                "the profile default (role arn:one): STS at \(sts.url)/ says AccessDenied"))
        #expect(!refused.isTransient)
        try await sts.control(#"{"fault": "Throttling"}"#)
        #expect(await refusal(environment)?.isTransient == true)
        try await sts.control(#"{"fault": null, "life": -1}"#)
        #expect(await refusal(environment)?.description.contains("the credentials expired at") == true)
    }

    @Test("STS has a regional endpoint")
    func stsRegions() {
        func url(_ environment: [String: String], profile: String? = nil, managed: String? = nil) -> String {
            SecurityTokenService(
                CredentialsContext(
                    environment: environment, caller: ServiceCaller(http: HTTPClient()),
                    cache: CredentialsCache(path: nil), region: managed, clock: { Date() }),
                profileRegion: profile
            ).url
        }
        #expect(url([:]) == "https://sts.us-east-1.amazonaws.com/")
        #expect(url([:], managed: "eu-west-1") == "https://sts.eu-west-1.amazonaws.com/")
        #expect(url([:], profile: "eu-west-2", managed: "x") == "https://sts.eu-west-2.amazonaws.com/")
        #expect(
            url(["AWS_DEFAULT_REGION": "cn-north-1"], profile: "x")
                == "https://sts.cn-north-1.amazonaws.com.cn/")
        #expect(
            url(["AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "x"])
                == "https://sts.us-west-2.amazonaws.com/")
    }
}

@Suite("AWS credentials from moto's STS", .tags(.moto))
struct MotoSTSTests {
    @Test("a role is assumed with keys and with a web identity")
    func roles() async throws {
        let (moto, folder) = (try Server("moto_server.py"), try TemporaryFolder())
        let config = try folder.write(
            """
            [default]
            role_arn = arn:aws:iam::123456789012:role/fleet
            source_profile = keys
            duration_seconds = 1800
            [profile keys]
            aws_access_key_id = k1
            aws_secret_access_key = secret
            """, to: "config")
        let assumed = try await resolve(["AWS_CONFIG_FILE": config, "AWS_ENDPOINT_URL": moto.url])
        #expect(assumed.accessKeyId.hasPrefix("ASIA"))
        #expect(assumed.sessionToken != nil)
        #expect(try abs(#require(assumed.expiration).timeIntervalSinceNow - 1800) < 120)
        let web = try await resolve([
            "AWS_WEB_IDENTITY_TOKEN_FILE": try folder.write("a-token", to: "token"),
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod", "AWS_ENDPOINT_URL": moto.url,
        ])
        #expect(web.accessKeyId.hasPrefix("ASIA"))
        #expect(web != assumed)
    }
}
