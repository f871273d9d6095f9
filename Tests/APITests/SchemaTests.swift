import CGI
import Formats
import Foundation
import TestSupport
import Testing

@testable import API

@Suite("The schemas of the API")
struct SchemaTests {
    private let api: APIFixture

    init() throws { api = try APIFixture() }

    @Test("are served byte for byte as in Golden/schemas.txt")
    func bytes() throws {
        var served = ""
        for name in API.Schema.allCases.map(\.rawValue).sorted() {
            let path = "/schemas/aws-provisioner/v1/\(name).json"
            let request = CGIRequest(
                environment: ["REQUEST_METHOD": "GET", "PATH_INFO": path], trustProxy: false)
            let response = api.router().immediate(request, readBody: { _ in [] })
            #expect(response.status == 200, "\(path)")
            served += "\(path)\n\(response.text)\n"
        }
        let difference = try GoldenFile("schemas.txt").difference(from: served)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
