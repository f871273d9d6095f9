package import AWS
package import Domain
import Formats
import FoundationEssentials
package import HTTPTransport

/// The SQS queue to which EventBridge sends EC2's events.
package struct InterruptionQueue: InterruptionSource {
    private let client: QueryClient
    private let url: String
    private let region: String

    /// - Parameters:
    ///   - url: the URL of the queue.
    ///   - region: the region for a URL without one.
    package init(
        caller: ServiceCaller, url: String, region: String, credentials: any CredentialsProvider
    ) {
        client = QueryClient(caller: caller, credentials: credentials)
        self.url = url
        self.region = Self.region(of: url) ?? region
    }

    /// Receives up to 10 messages without waiting. SQS hides them for a time, and delivers them again unless they are
    /// deleted.
    package func receive() async throws -> [InterruptionMessage] {
        var parameters = QueryParameters()
        parameters.add("QueueUrl", url)
        parameters.add("MaxNumberOfMessages", 10)
        parameters.add("WaitTimeSeconds", 0)
        return try await client.call(
            .receiveMessage, parameters, at: url, region: region,
            records: QueryRecords(
                path: ["ReceiveMessageResult", "Message"], names: ["ReceiptHandle", "Body"]
            ) {
                record in
                guard let handle = record.text("ReceiptHandle") else {
                    throw XMLError(description: "a message has no receipt handle")
                }
                return InterruptionMessage(
                    handle: handle, content: InterruptionEvent.read(record.text("Body") ?? ""))
            }
        ).items
    }

    /// Deletes up to 10 messages by their handles.
    package func delete(_ handles: [String]) async throws {
        var parameters = QueryParameters()
        parameters.add("QueueUrl", url)
        for (index, handle) in handles.enumerated() {
            parameters.add("DeleteMessageBatchRequestEntry.\(index + 1).Id", String(index))
            parameters.add("DeleteMessageBatchRequestEntry.\(index + 1).ReceiptHandle", handle)
        }
        _ = try await client.call(
            .deleteMessageBatch, parameters, at: url, region: region,
            records: QueryRecords<Never>(path: [], names: [], read: { _ in nil }))
    }

    /// The region in `https://sqs.us-east-1.amazonaws.com/...`, or in the older `https://us-east-1.queue.amazonaws.com/...`.
    static func region(of url: String) -> String? {
        let host = url.drop { $0 != "/" }.drop { $0 == "/" }.prefix { !"/:?".contains($0) }
        let labels = Partition.name(ofHost: host)?.split(separator: ".").map(String.init) ?? []
        guard labels.count == 2 else { return nil }
        return ["sqs", "sqs-fips"].contains(labels[0]) ? labels[1] : labels[1] == "queue" ? labels[0] : nil
    }
}
