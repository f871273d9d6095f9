import Domain
import Formats
import FoundationEssentials
package import HTTPTransport

/// The Taskcluster auth service of a deployment.
package struct AuthService: Sendable {
    private let http: HTTPClient
    private let base: String

    package init(http: HTTPClient, rootUrl: String) {
        self.http = http
        base = ServiceRoot.url("auth", rootUrl: rootUrl)
    }

    /// The auth service did not report the scopes.
    package struct Failure: Error, CustomStringConvertible, Sendable {
        package let description: String
    }

    /// The scopes of credentials, with all roles expanded: the method `currentScopes`.
    package func currentScopes(of credentials: TaskclusterCredentials) async throws(Failure) -> Scopes {
        let url = base + "/scopes/current"
        let response: HTTPResponse
        do {
            guard let request = HawkRequest(method: "GET", url: url) else {
                throw Failure(description: "\(base) is no URL of a service")
            }
            response = try await http.send(
                HTTPRequest(
                    .get, url, headers: [try credentials.header(for: request)], maxResponseBytes: 4 << 20))
        } catch {
            throw Failure(description: "\(base): \(error)")
        }
        guard response.status == 200 else {
            throw Failure(description: "\(base): currentScopes has the status \(response.status)")
        }
        let list = try? JSONValue(parsing: Data(response.body)).objectValue?["scopes"]?.arrayValue
        let scopes = list?.compactMap(\.stringValue)
        guard let scopes, scopes.count == list?.count, scopes.allSatisfy(Scopes.isValid) else {
            throw Failure(description: "\(base): the response of currentScopes has no list of scopes")
        }
        return Scopes(scopes)
    }
}
