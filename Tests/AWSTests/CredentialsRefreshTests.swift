import Domain
import Formats
import Foundation
import HTTPTransport
import Synchronization
import TestSupport
import TestTags
import Testing

@testable import AWS

/// A source that counts its requests, and returns or fails as the test determines.
private final class CountingSource: CredentialsSource {
    let asked = Mutex(0)
    private let give: @Sendable (Int) async throws -> CredentialsResponse

    init(_ give: @escaping @Sendable (Int) async throws -> CredentialsResponse) { self.give = give }

    func credentials() async throws -> CredentialsResponse {
        try await give(
            asked.withLock {
                $0 += 1
                return $0
            })
    }
}

private func credentials(_ id: String, ending: Date? = nil) -> AWSCredentials {
    AWSCredentials(accessKeyId: id, secretAccessKey: "secret", sessionToken: "token", expiration: ending)
}

@Suite("Temporary AWS credentials", .tags(.moto))
struct CredentialsRefreshTests {
    private let folder: TemporaryFolder
    private let now = Clock()

    /// The time that the test sets.
    private final class Clock: Sendable {
        let time = Mutex(Date.start)

        func pass(minutes: Double) { time.withLock { $0 += minutes * 60 } }
    }

    init() throws { folder = try TemporaryFolder() }

    private func chain(_ source: CountingSource, cacheFile: String? = nil) -> CredentialsChain {
        CredentialsChain(
            [source], cache: CredentialsCache(path: cacheFile), clock: { [now] in now.time.withLock { $0 } })
    }

    @Test("are fetched once for concurrent callers")
    func together() async throws {
        let metadata = try Server("metadata_server.py")
        try await metadata.control(#"{"fault": "slow"}"#)
        let chain = CredentialsChain(environment: [
            "HOME": "/nowhere", "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.url,
        ])
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<200 { group.addTask { try await chain.credentials().accessKeyId } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids == ["instance-key-1"])
        #expect(try await metadata.control("{}").contains("\"given\": 1"))
    }

    @Test("are replaced ten minutes before they expire, also during an iteration")
    func refresh() async throws {
        let source = CountingSource {
            .found(credentials("\($0)", ending: .start.plus(minutes: Double($0) * 60)))
        }
        let chain = chain(source)
        #expect(try await chain.credentials().accessKeyId == "1")
        now.pass(minutes: 49)
        #expect(try await chain.credentials().accessKeyId == "1")
        now.pass(minutes: 2)
        #expect(try await chain.credentials().accessKeyId == "2")
    }

    @Test("stay in use until they expire while the source fails, with a pause between requests to the source")
    func failingRefresh() async throws {
        let (clock, cache) = (now, CredentialsCache(path: nil))
        let context = CredentialsContext(
            environment: [:], caller: ServiceCaller(http: HTTPClient()), cache: cache, region: nil,
            clock: { clock.time.withLock { $0 } })
        let fetches = Mutex(0)
        let source = CountingSource { _ in
            try await context.cached(["me"]) {
                let count = fetches.withLock {
                    $0 += 1
                    return $0
                }
                if count > 1 { throw CredentialsError("the test", "it is over", isTransient: true) }
                return .found(credentials("1", ending: .start.plus(minutes: 60)))
            }
        }
        let chain = chain(source)
        #expect(try await chain.credentials().accessKeyId == "1")
        now.pass(minutes: 55)
        for _ in 0..<5 { #expect(try await chain.credentials().accessKeyId == "1") }
        #expect(fetches.withLock { $0 } == 2)
        now.pass(minutes: 6)
        for _ in 0..<5 {
            await #expect(throws: CredentialsError.self) { try await chain.credentials() }
        }
        #expect(fetches.withLock { $0 } == 3, "a failure is remembered for a while")
    }

    @Test("that AWS reports as expired are fetched again once")
    func discarded() async throws {
        let source = CountingSource { .found(credentials("\($0)", ending: .start.plus(minutes: 60))) }
        let chain = chain(source)
        let first = try await chain.credentials()
        await chain.discard(first)
        await chain.discard(first)
        #expect(try await chain.credentials().accessKeyId == "2")
        await chain.discard(first)
        #expect(try await chain.credentials().accessKeyId == "2", "others than those in use are no matter")
    }

    @Test(
        "of the instance are kept for the next invocation, for their owner alone, and asked for again near their end"
    )
    func cacheFile() async throws {
        let metadata = try Server("metadata_server.py")
        let environment = [
            "HOME": "/nowhere", "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.url,
            "AWS_EC2_METADATA_DISABLED": "false",
        ]
        let file = folder.file("p.sqlite.credentials")
        for _ in 1...3 {
            #expect(try await resolve(environment, cacheFile: file).accessKeyId == "instance-key-1")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["p.sqlite.credentials"])
        let late = CredentialsChain(
            environment: environment, cacheFile: file, clock: { Date().addingTimeInterval(21_600 - 500) })
        #expect(try await late.credentials().accessKeyId == "instance-key-2")
    }

    @Test("in a malformed file, or in a file that other users can access, are ignored")
    func badCacheFile() async throws {
        let metadata = try Server("metadata_server.py")
        let environment = [
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.url, "AWS_EC2_METADATA_DISABLED": "false",
        ]
        let file = folder.file("credentials")
        #expect(try await resolve(environment, cacheFile: file).accessKeyId == "instance-key-1")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        #expect(try await resolve(environment, cacheFile: file).accessKeyId == "instance-key-2")
        #expect(
            try await resolve(environment, cacheFile: file).accessKeyId == "instance-key-2",
            "replaced by 0600")
        for (index, text) in ["", "{", "[]", #"{"credentials": {"x": 1}}"#].enumerated() {
            try text.write(toFile: file, atomically: false, encoding: .utf8)
            #expect(
                try await resolve(environment, cacheFile: file).accessKeyId == "instance-key-\(index + 3)")
        }
        #expect(
            try await resolve(environment, cacheFile: "/nowhere/credentials").accessKeyId == "instance-key-7")
    }

    @Test("of two profiles are separate entries of the cache file")
    func profiles() async throws {
        let sts = try Server("sts_server.py")
        var config = "[profile keys]\naws_access_key_id = k1\naws_secret_access_key = s\n"
        config += "[profile keys2]\naws_access_key_id = k2\naws_secret_access_key = s\n"
        let variants = [
            "source_profile = keys", "source_profile = keys2", "source_profile = keys\nexternal_id = x",
            "source_profile = keys\nrole_session_name = other",
            "source_profile = keys\nduration_seconds = 900",
        ]
        for (index, variant) in variants.enumerated() {
            config += "[profile p\(index)]\nrole_arn = arn:one\n\(variant)\n"
        }
        config += "[profile p5]\nrole_arn = arn:two\nsource_profile = keys\n"
        let file = try folder.write(config, to: "config")
        func id(_ profile: String) async throws -> String {
            try await resolve(
                [
                    "AWS_CONFIG_FILE": file, "AWS_PROFILE": profile, "AWS_ENDPOINT_URL_STS": sts.url,
                    "AWS_REGION": "us-east-1",
                ], cacheFile: folder.file("cache")
            ).accessKeyId
        }
        var ids: [String] = []
        for index in 0...5 { ids.append(try await id("p\(index)")) }
        #expect(Set(ids).count == 6)
        for index in 0...5 { #expect(try await id("p\(index)") == ids[index]) }
        #expect(try await sts.control("{}").contains("\"asked\": 6"))
        let written = try String(contentsOfFile: folder.file("cache"), encoding: .utf8)
        #expect(!written.contains("arn:one"), "a source stands there by its hash")
    }
}

@Suite("A call with expired credentials", .tags(.moto))
struct ExpiredCallTests {
    /// Provides temporary credentials, and counts discarded ones.
    private final class Provider: CredentialsProvider {
        let discarded = Mutex<[String]>([])

        func credentials() -> AWSCredentials {
            AWSTests.credentials("\(discarded.withLock(\.count))", ending: .distantFuture)
        }

        func discard(_ credentials: AWSCredentials) {
            discarded.withLock { $0.append(credentials.accessKeyId) }
        }
    }

    @Test(
        "is retried once with new credentials, and then fails", arguments: ["ExpiredToken", "RequestExpired"])
    func renewed(code: String) async throws {
        let sts = try Server("sts_server.py")
        try await sts.control("{\"fault\": \"\(code)\"}")
        let provider = Provider()
        let caller = ServiceCaller(http: HTTPClient(), policy: RetryPolicy(attempts: 4, base: 0, maxDelay: 0))
        var parameters = QueryParameters()
        parameters.add("RoleArn", "x")
        parameters.add("RoleSessionName", "x")
        let failure = await #expect(throws: ServiceFailure.self) {
            try await QueryClient(caller: caller, credentials: provider).call(
                .assumeRole, parameters, at: sts.url + "/", region: "us-east-1",
                records: QueryRecords<Never>(path: [], names: [], read: { _ in nil }))
        }
        #expect(failure?.code == code)
        #expect(failure?.kind == .credentials)
        #expect(provider.discarded.withLock { $0 } == ["0"])
        #expect(try await sts.control("{}").contains("\"asked\": 2"))
    }
}
