import Domain
import Formats
import Foundation
import TestSupport
import Testing

extension HeavyTests {
    @Suite("aws-provisioner-api with TLS and an access log, as the guide configures them")
    struct TLSTests {
        private static let token = "AAAAAAAAQAKAAAAAAAAAAA"

        @Test(
            "accepts signed requests over TLS only, and the access log contains no token",
            arguments: ["lighttpd", "nginx", "apache", "apache-prefork"])
        func secure(kind: String) async throws {
            let deployment = try await Deployment()
            let manager = try await deployment.addClient(
                "manager", scopes: ["aws-provisioner:manage-worker-type:*"])
            let shared = try TemporaryFolder()
            let variables = try JSONValue.object(deployment.cgiEnvironment.mapValues(JSONValue.string))
                .serialized()
            let web = try Server(
                "web_server.py",
                [kind, Paths.api, String(decoding: variables, as: UTF8.self), "", shared.path])
            let url = web.url.replacing("http://", with: "https://") + "/api/aws-provisioner/v1"
            let certificate = shared.file("cert.pem")
            func get(_ path: String) async throws -> String {
                try await Command.run(
                    "/usr/bin/curl",
                    [
                        "-sS", "--path-as-is", "--cacert", certificate, "-o", "/dev/null", "-w",
                        "%{http_code}", url + path,
                    ]
                ).output
            }
            #expect(try await get("/ping") == "200")
            let clear = try await Command.run(
                "/usr/bin/curl", ["-sS", web.url + "/api/aws-provisioner/v1/ping"])
            #expect(!clear.output.contains("alive"), "clear text on the port of TLS")
            // A client signs the port and the scheme too.
            let signed = try await Command.run(
                Paths.python,
                [
                    "-c",
                    """
                    import mohawk, requests, sys
                    url = sys.argv[1] + "/worker-type/missing"
                    keys = {"id": "manager", "key": sys.argv[2], "algorithm": "sha256"}
                    header = mohawk.Sender(keys, url, "DELETE", content="", content_type="").request_header
                    print(requests.delete(url, headers={"Authorization": header}, verify=sys.argv[3]).status_code)
                    """, url, manager, certificate,
                ])
            #expect(["204\n", "404\n"].contains(signed.output), "\(signed.output)\(signed.errors)")

            let masked = [
                "/secret/\(Self.token)", "/%73ecret/\(Self.token)", "/secret/\(Self.token)?x=1",
                "/../secret/\(Self.token)",
                "/instance-started/i-0123456789abcdef0/\(Self.token)",
                "/list-worker-types?bewit=\(Self.token)", "/list-worker-types?x=1&bewit=\(Self.token)",
            ]
            for path in masked { #expect(try await get(path) != "000", "\(path)") }
            func log() -> String {
                (try? String(contentsOfFile: shared.file("access.log"), encoding: .utf8)) ?? ""
            }
            // lighttpd writes its log after some seconds.
            let isWritten = await eventually {
                log().components(separatedBy: "(masked)").count > masked.count
            }
            #expect(isWritten, "\(log())")
            #expect(!log().contains(Self.token), "\(log())")
            #expect(
                log().contains("GET /api/aws-provisioner/v1/ping HTTP"), "other requests are logged whole")
        }
    }
}
