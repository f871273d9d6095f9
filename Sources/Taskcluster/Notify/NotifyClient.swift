package import Domain
import Formats
package import FoundationEssentials
package import HTTPTransport

/// A client of Taskcluster's Notify service: its method `email`, which needs the scope `notify:email:ADDRESS`.
package struct NotifyClient: NotificationChannel {
    package let channel = NotificationRecipient.Channel.email
    private let http: HTTPClient
    private let url: String
    private let credentials: TaskclusterCredentials

    package init(http: HTTPClient, rootUrl: String, credentials: TaskclusterCredentials) {
        self.http = http
        url = ServiceRoot.url("notify", rootUrl: rootUrl) + "/email"
        self.credentials = credentials
    }

    package func send(
        _ notification: ProblemNotification, to address: String, timeout: TimeInterval
    ) async throws(NotificationFailure) {
        let request: HTTPRequest
        do {
            request = try self.request(notification, to: address, timeout: timeout)
        } catch {
            throw NotificationFailure("the Notify service: the request cannot be signed: \(error)")
        }
        let response: HTTPResponse
        do {
            response = try await http.send(request)
        } catch {
            throw NotificationFailure("the Notify service: \(error)")
        }
        if (200..<300).contains(response.status) { return }
        // A refused address or a scope for other addresses does not concern the other recipients.
        let failure = QueueClient.failure(response)
        throw NotificationFailure(
            "the Notify service: \(failure)", concernsChannel: ![400, 403].contains(response.status),
            isMisconfiguration: [401, 403, 404].contains(response.status))
    }

    private func request(
        _ notification: ProblemNotification, to address: String, timeout: TimeInterval
    ) throws -> HTTPRequest {
        let body = Array(
            try JSONValue.object([
                "address": .string(address), "subject": .string(notification.title),
                "content": .string(notification.markdown),
            ]).serialized())
        let type = "application/json"
        var headers = [(name: "Content-Type", value: type)]
        if let signed = HawkRequest(method: "POST", url: url) {
            let hash = try HawkRequest.payloadHash(contentType: type, body: body)
            headers.append(try credentials.header(for: signed, hash: hash))
        }
        return HTTPRequest(
            .post, url, headers: headers, body: body, timeout: timeout, maxResponseBytes: 1 << 20)
    }
}
