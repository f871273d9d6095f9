import Domain
import Foundation
import TestSupport
import Testing

extension HeavyTests {
    @Suite("A proxy to the API at a root URL, as the guide configures it")
    struct RootProxyTests {
        @Test(
            "passes signed requests on with their host, port and path",
            arguments: ["lighttpd", "nginx", "apache"])
        func signed(kind: String) async throws {
            var deployment = try await Deployment()
            deployment.environment["AWS_PROVISIONER_TRUST_PROXY"] = "true"
            try await deployment.apply("alpha", .sample())
            let manager = try await deployment.addClient(
                "manager", scopes: ["aws-provisioner:manage-worker-type:*"])
            let web = try deployment.webServer()
            let proxy = try Server(
                "root_proxy.py", [kind, web.url.replacing("http://", with: "")])
            let called = try await Command.run(
                Paths.python,
                [
                    "-c",
                    """
                    import mohawk, requests, sys
                    base = sys.argv[1] + "/api/aws-provisioner/v1"
                    assert requests.get(base + "/ping").json()["alive"] is True
                    assert "code" in requests.get(base + "/worker-type/a%2Fb").json()
                    assert requests.get(base + "/secret/AAAAAAAAQAKAAAAAAAAAAA").status_code == 404
                    url = base + "/worker-type/alpha"
                    keys = {"id": "manager", "key": sys.argv[2], "algorithm": "sha256"}
                    header = mohawk.Sender(keys, url, "DELETE", content="", content_type="").request_header
                    print(requests.delete(url, headers={"Authorization": header}).status_code)
                    """, proxy.url, manager,
                ])
            #expect(called.output == "204\n", "\(called.output)\(called.errors)")
        }
    }
}
