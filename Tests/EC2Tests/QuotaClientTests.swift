import Domain
import Foundation
import HTTPTransport
import TestSupport
import TestTags
import Testing

@testable import AWS
@testable import EC2

@Suite("The client of Service Quotas", .tags(.slow))
struct QuotaClientTests {
    private let server: Server
    private let client: QuotaClient

    init() throws {
        server = try Server("quota_server.py")
        let environment = [
            "AWS_ENDPOINT_URL_SERVICE_QUOTAS": server.url, "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        ]
        let caller = ServiceCaller(
            http: HTTPClient(), policy: RetryPolicy(attempts: 2, base: 0.01, maxDelay: 0.01))
        let credentials = CredentialsChain(environment: [
            "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret",
        ])
        client = QuotaClient(
            caller: caller, endpoint: Endpoint(.serviceQuotas, environment: environment),
            credentials: credentials,
            ec2: EC2Client(
                caller: caller, endpoint: Endpoint(environment: environment), credentials: credentials))
    }

    private func failure() async -> ServiceFailure? {
        do {
            _ = try await client.quotas(region: "us-east-1")
            return nil
        } catch {
            return error as? ServiceFailure
        }
    }

    @Test("reads the vCPU quotas of all pages, and no other quotas")
    func pages() async throws {
        try await server.control(
            #"{"pages": [[["L-34B43A08", 640.0], ["L-0263D0A3", 5.0]], [], [["L-DB2E81BA", 0]]]}"#)
        #expect(
            try await client.quotas(region: "eu-west-1") == [
                VCPUQuota(VCPUQuota.Subject(.spot, "eu-west-1", .standard), vCPUs: 640),
                VCPUQuota(VCPUQuota.Subject(.onDemand, "eu-west-1", .g), vCPUs: 0),
            ])
        #expect(try await server.control("{}") == #"{"calls": 3}"#)
    }

    @Test("reports a missing right after one call")
    func denied() async throws {
        try await server.control(#"{"fault": "AccessDeniedException"}"#)
        #expect(await failure()?.kind == .unauthorized)
        #expect(try await server.control("{}") == #"{"calls": 1}"#)
    }

    @Test("refuses responses that it cannot read", arguments: ["<html>", "[]", "{}", #"{\"Quotas\": 1}"#])
    func unreadable(body: String) async throws {
        try await server.control(#"{"body": "\#(body)"}"#)
        #expect(await failure()?.code == "garbage")
    }

    @Test("ends a listing whose pages do not end")
    func endless() async throws {
        try await server.control(#"{"pages": [[["L-34B43A08", 1]]], "repeats": true}"#)
        #expect(await failure()?.message.contains("more than 50 pages") == true)
    }
}
