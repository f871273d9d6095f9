import Configuration
import Formats
import FoundationEssentials
import HTTPTransport
import Platform
import Taskcluster

/// Requests the API at the addresses that workers use.
struct AddressChecks: Sendable {
    let settings: Settings
    let http: HTTPClient

    private static let timeout: TimeInterval = 15

    func findings() async -> [Finding] {
        guard let baseUrl = settings.baseUrl else { return [] }
        // docker-worker of 2018 and later does not use baseUrl.
        let rooted = settings.taskclusterRootUrl.map { ServiceRoot.url("aws-provisioner", rootUrl: $0) }
        async let base = ping(
            "ping at baseUrl", baseUrl, remedy: "serve aws-provisioner-api at baseUrl", isRequired: true)
        async let root =
            rooted == nil || rooted == baseUrl
            ? nil
            : ping(
                "ping at root URL", rooted ?? "",
                remedy: "docker-worker of 2018 and later needs a proxy at the root URL (WebServer.md)",
                isRequired: false)
        return [form(baseUrl), reach(baseUrl)].compactMap(\.self)
            + [await base, await root].compactMap(\.self)
    }

    /// The path of baseUrl. Workers append the route of a method to it.
    private func form(_ url: String) -> Finding? {
        if url.hasSuffix("/v1") { return nil }
        return .failed(
            "form of baseUrl",
            "\(url): must end in /v1, without a slash after it: set baseUrl to the address of "
                + "the API, https://provisioner.example.com/api/aws-provisioner/v1 for example",
            .configuration)
    }

    /// Whether other networks can reach the host.
    private func reach(_ url: String) -> Finding? {
        guard let host = HawkRequest(method: "GET", url: url)?.host else { return nil }
        let addresses = HostAddress.addresses(of: host)
        guard let scope = addresses.map(\.scope).min(), scope != .global else { return nil }
        let list = addresses.filter { $0.scope == scope }.map(\.description).joined(separator: ", ")
        switch scope {
        case .loopback:
            return .note(
                "network of baseUrl", "\(host) is a loopback address (\(list)): instances cannot reach it")
        default:
            return .note(
                "network of baseUrl",
                "\(host) is a private address (\(list)): only instances of the same network can reach it")
        }
    }

    private func ping(_ subject: String, _ url: String, remedy: String, isRequired: Bool) async -> Finding? {
        let target = url + "/ping"
        do {
            let response = try await http.send(
                HTTPRequest(.get, target, timeout: Self.timeout, maxResponseBytes: 1 << 16))
            let document = try? JSONValue(parsing: Data(response.body)).objectValue
            if response.status == 200, document?["alive"] == true { return .ok(subject, target) }
            let problem =
                response.status == 200
                ? "\(target): the response is not that of the API"
                : "\(target): the status is \(response.status)"
            return isRequired
                ? .failed(subject, "\(problem): \(remedy)", .configuration)
                : .note(subject, "\(problem): \(remedy)")
        } catch .untrusted(let reason) {
            return .note(
                subject, "\(target): the certificate does not verify: \(reason). Workers refuse it as well")
        } catch {
            // The public address may be out of reach of this machine alone.
            return .note(subject, "\(target): \(error): \(remedy), or check it from another machine")
        }
    }
}
