import Domain
import Formats
import Foundation
import HTTPTransport
import TestSupport
import TestTags
import Testing

@testable import AWS
@testable import EC2

@Suite("EC2 events")
struct InterruptionEventTests {
    /// The events of the EC2 User Guide.
    private func event(
        _ type: String, _ detail: String = #""instance-id": "i-1234567890abcdef0""#,
        source: String = "aws.ec2",
        time: String = "2023-11-14T22:13:20Z"
    ) -> String {
        """
        {"version": "0", "id": "12345678-1234-1234-1234-123456789012", "detail-type": "\(type)",
         "source": "\(source)", "account": "123456789012", "time": "\(time)", "region": "us-east-2",
         "resources": ["arn:aws:ec2:us-east-2a:instance/i-1234567890abcdef0"], "detail": {\(detail)}}
        """
    }

    private func notice(_ kind: InterruptionNotice.Kind) -> InterruptionMessage.Content {
        .notice(
            InterruptionNotice(instanceId: "i-1234567890abcdef0", region: "us-east-2", kind: kind, at: .start)
        )
    }

    @Test("are read as interruption, rebalance and termination notices")
    func notices() {
        let warning = #""instance-id": "i-1234567890abcdef0", "instance-action": "terminate""#
        #expect(
            InterruptionEvent.read(event("EC2 Spot Instance Interruption Warning", warning))
                == notice(.interruption))
        #expect(
            InterruptionEvent.read(event("EC2 Instance Rebalance Recommendation")) == notice(.rebalance))
        for (state, content) in [
            ("shutting-down", notice(.ended)), ("terminated", notice(.ended)), ("stopped", notice(.ended)),
            ("pending", .idle), ("running", .idle), ("levitating", .foreign),
        ] {
            let change = #""instance-id": "i-1234567890abcdef0", "state": "\#(state)""#
            #expect(
                InterruptionEvent.read(event("EC2 Instance State-change Notification", change)) == content)
        }
    }

    @Test("are read from the notifications of an SNS topic, and other notifications are foreign")
    func wrapped() throws {
        func notification(_ message: String, type: String = "Notification") throws -> String {
            let document: JSONValue = [
                "Type": .string(type), "MessageId": "m", "TopicArn": "arn:aws:sns:us-east-2:123456789012:t",
                "Message": .string(message), "Timestamp": "2023-11-14T22:13:21.000Z", "SignatureVersion": "1",
            ]
            return String(decoding: try document.serialized(), as: UTF8.self)
        }
        let warning = event("EC2 Spot Instance Interruption Warning")
        #expect(InterruptionEvent.read(try notification(warning)) == notice(.interruption))
        for body in [
            try notification("hello"), try notification(""), try notification("[]"),
            try notification(notification(warning)),
            try notification(warning, type: "SubscriptionConfirmation"),
        ] {
            #expect(InterruptionEvent.read(body) == .foreign, "\(body)")
        }
    }

    @Test("of other kinds are foreign")
    func foreign() {
        let warning = "EC2 Spot Instance Interruption Warning"
        for body in [
            "", "hello", "[]", "{}", event("EC2 Fast Launch State-change Notification"),
            event(warning, source: "aws.rds"), event(warning, time: "yesterday"), event(warning, ""),
            event(warning, #""instance-id": "i-xyz""#), event(warning, #""instance-id": "i-'; DROP TABLE""#),
            event(warning, #""instance-id": 7"#),
        ] {
            #expect(InterruptionEvent.read(body) == .foreign, "\(body)")
        }
    }
}

@Suite("The interruption queue on moto's SQS", .tags(.moto))
struct InterruptionQueueTests {
    private let moto: Server
    private let keys = FixedCredentials(fixed: AWSCredentials(accessKeyId: "id", secretAccessKey: "s"))

    init() throws { moto = try Server("moto_server.py") }

    private func aws(_ operation: String, _ parameters: JSONValue) async throws -> JSONObject {
        let wish: JSONValue = [
            "service": "sqs", "url": .string(moto.url), "region": "us-east-1",
            "operation": .string(operation), "parameters": parameters,
        ]
        let answer = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/servers/ec2_client.py"],
            input: String(decoding: try wish.serialized(), as: UTF8.self))
        try #require(answer.status == 0, "\(answer.errors)")
        return try JSONValue(parsing: Data(answer.output.utf8)).objectValue ?? [:]
    }

    private func queue(_ url: String) -> InterruptionQueue {
        InterruptionQueue(
            caller: ServiceCaller(http: HTTPClient(), policy: .none), url: url, region: "us-east-1",
            credentials: keys)
    }

    @Test("returns up to ten messages at a time, and keeps messages that are not deleted")
    func drain() async throws {
        let made = try await aws(
            "create_queue", ["QueueName": "notices", "Attributes": ["VisibilityTimeout": "3600"]])
        let url = try #require(made["QueueUrl"]?.stringValue)
        let event = """
            {"detail-type": "EC2 Spot Instance Interruption Warning", "source": "aws.ec2", "region": "us-east-1",
             "time": "2023-11-14T22:13:20Z", "detail": {"instance-id": "i-0123456789abcdef0"}}
            """
        for bodies in [
            ["<not> an & event"] + Array(repeating: event, count: 5), Array(repeating: event, count: 6),
        ] {
            let entries = bodies.enumerated().map { index, body -> JSONValue in
                ["Id": .string("\(index)"), "MessageBody": .string(body)]
            }
            _ = try await aws("send_message_batch", ["QueueUrl": .string(url), "Entries": .array(entries)])
        }
        let queue = queue(url)
        let batches = [try await queue.receive(), try await queue.receive(), try await queue.receive()]
        #expect(batches.map(\.count) == [10, 2, 0])
        #expect(batches.joined().count { $0.content == .foreign } == 1)
        for batch in batches.dropLast() {
            try await queue.delete(batch.filter { $0.content != .foreign }.map(\.handle))
        }
        let attributes = try await aws(
            "get_queue_attributes", ["QueueUrl": .string(url), "AttributeNames": ["All"]])
        let left = attributes["Attributes"]?.objectValue
        #expect(left?["ApproximateNumberOfMessagesNotVisible"] == "1", "what was not deleted is there still")
        #expect(left?["ApproximateNumberOfMessages"] == "0")
    }

    @Test("that does not exist causes a failure")
    func missing() async {
        let failure = await #expect(throws: ServiceFailure.self) {
            try await queue(moto.url + "/123456789012/none").receive()
        }
        #expect(failure?.code.contains("NonExistentQueue") == true, "\(String(describing: failure))")
    }

    @Test("takes the region from its URL")
    func regions() {
        #expect(
            InterruptionQueue.region(of: "https://sqs.eu-west-1.amazonaws.com/123456789012/q") == "eu-west-1")
        #expect(InterruptionQueue.region(of: "https://sqs.cn-north-1.amazonaws.com.cn/1/q") == "cn-north-1")
        #expect(InterruptionQueue.region(of: "https://us-east-2.queue.amazonaws.com/1/q") == "us-east-2")
        #expect(InterruptionQueue.region(of: "https://sqs.us-iso-east-1.c2s.ic.gov/1/q") == "us-iso-east-1")
        #expect(InterruptionQueue.region(of: "https://sqs-fips.us-east-1.api.aws/1/q") == "us-east-1")
        #expect(
            InterruptionQueue.region(of: "https://sqs.eusc-de-east-1.amazonaws.eu/1/q") == "eusc-de-east-1")
        #expect(InterruptionQueue.region(of: "http://127.0.0.1:5000/1/q") == nil)
        #expect(InterruptionQueue.region(of: "https://queue.example.com/sqs.us-east-1.amazonaws.com") == nil)
        #expect(InterruptionQueue.region(of: "") == nil)
    }
}
