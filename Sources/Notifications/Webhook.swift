import Cryptography
package import Domain
import Formats
package import FoundationEssentials
package import HTTPTransport

/// A URL that receives each notification as a signed JSON document.
///
/// The header `X-Provisioner-Signature` is `sha256=` and the HMAC-SHA256, in hexadecimal digits, of the value of
/// `X-Provisioner-Timestamp`, a full stop, and the body. The timestamp lets a receiver refuse old copies of a request.
package struct Webhook: NotificationChannel {
    package let channel = NotificationRecipient.Channel.webhook
    private let http: HTTPClient
    /// May contain a token of the receiver: no message contains it.
    private let url: String
    private let key: [UInt8]
    private let clock: @Sendable () -> Date

    package init(
        http: HTTPClient, url: String, key: [UInt8], clock: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.http = http
        self.url = url
        self.key = key
        self.clock = clock
    }

    package func send(
        _ notification: ProblemNotification, to address: String, timeout: TimeInterval
    ) async throws(NotificationFailure) {
        let response: HTTPResponse
        do {
            let request = try self.request(notification, timeout: timeout)
            response = try await http.send(request)
        } catch {
            throw NotificationFailure("the webhook: \(error)")
        }
        if !(200..<300).contains(response.status) {
            throw NotificationFailure("the webhook responded with status \(response.status)")
        }
    }

    private func request(_ notification: ProblemNotification, timeout: TimeInterval) throws -> HTTPRequest {
        let body = Array(try JSONValue.object(notification.json).serialized())
        let timestamp = "\(Int(clock().timeIntervalSince1970))"
        let code = try HMACSHA256.authenticationCode(for: Array("\(timestamp).".utf8) + body, key: key)
        return HTTPRequest(
            .post, url,
            headers: [
                ("Content-Type", "application/json"), ("X-Provisioner-Timestamp", timestamp),
                ("X-Provisioner-Signature", "sha256=\(code.hexadecimal)"),
            ], body: body, timeout: timeout, maxResponseBytes: 1 << 20)
    }
}
