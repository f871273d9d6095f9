import Domain
import Formats
import Foundation
import TestSupport
import Testing

extension HeavyTests {
    @Suite("aws-provisioner on an account: roles, throttling, interruption notices")
    struct AWSAccountTests {
        /// Replaces the keys in the environment by a profile with a role.
        private func withRole(_ deployment: Deployment) throws -> Deployment {
            var changed = deployment
            for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
                changed.environment[name] = nil
            }
            changed.environment["AWS_SHARED_CREDENTIALS_FILE"] = try deployment.folder.write(
                "[keys]\naws_access_key_id = id\naws_secret_access_key = planted-aws-secret\n",
                to: "credentials")
            changed.environment["AWS_CONFIG_FILE"] = try deployment.folder.write(
                "[default]\nrole_arn = arn:aws:iam::123456789012:role/fleet\nsource_profile = keys\n",
                to: "config")
            return changed
        }

        private func calls(_ deployment: Deployment, _ action: String) async throws -> Int {
            let answer = try JSONValue(parsing: Data(try await deployment.ec2.control("{}").utf8)).objectValue
            return answer?["calls"]?.objectValue?.number(action) ?? 0
        }

        @Test("assumes a role once, caches its credentials for later iterations, and never shows them")
        func role() async throws {
            let deployment = try withRole(try await Deployment())
            try await deployment.apply("alpha", .sample())
            try await deployment.setPending(["alpha": 2])
            for _ in 1...3 { _ = try await deployment.iterate() }
            #expect(try await deployment.count("alpha") == 2)
            #expect(try await calls(deployment, "AssumeRole") == 1)
            let file = deployment.folder.file("provisioner.sqlite.credentials")
            let kept = try JSONValue(parsing: try Data(contentsOf: URL(filePath: file))).objectValue
            let entry = try #require(kept?["credentials"]?.objectValue?.values.first?.objectValue)
            let token = try #require(entry.text("sessionToken"))
            let ended = try await deployment.run("iterate")
            #expect(!(ended.output + ended.errors).contains(token))
        }

        @Test("names the failed source of credentials, and exits with the code for a wrong configuration")
        func brokenRole() async throws {
            var deployment = try withRole(try await Deployment())
            deployment.environment["AWS_PROFILE"] = "missing"
            let ended = try await deployment.run("iterate")
            #expect(ended.status == 78)
            #expect(ended.errors.contains("AWS credentials from the profile missing: there is none in"))
        }

        @Test("sends fewer calls to a throttled region, counts retries, and shows them")
        func throttled() async throws {
            let deployment = try await Deployment()
            try await deployment.apply("alpha", .sample(regions: ["eu-west-1"]))
            try await deployment.setPending(["alpha": 1])
            try await deployment.ec2.control(
                #"{"fault": {"us-east-1": {"kind": "code:RequestLimitExceeded", "action": "DescribeInstances"}}}"#
            )
            let report = try await deployment.iterate(expecting: 69)
            #expect(report.list("bids").map { $0.text("outcome") } == ["launched"])
            let counts = try #require(report["calls"]?.objectValue)
            let east = try #require(
                counts.list("actions").first {
                    $0.text("action") == "DescribeInstances" && $0.text("region") == "us-east-1"
                })
            // Two calls with up to four attempts each. After the failure of one, the other is cancelled.
            let (throttles, retries) = (east.number("throttles") ?? 0, east.number("retries") ?? 0)
            #expect((4...8).contains(throttles))
            #expect((3...6).contains(retries))
            #expect(counts.list("slowed").map { $0.text("region") } == ["us-east-1"])
            let west = counts.list("actions").filter { $0.text("region") == "eu-west-1" }
            #expect(west.allSatisfy { $0.number("throttles") == 0 })
            #expect(west.contains { $0.text("action") == "RunInstances" && $0.number("callCount") == 1 })

            let status = try await deployment.run("status")
            #expect(status.output.contains(" \(retries) retries, \(throttles) throttled"))
            #expect(status.output.contains("ec2 us-east-1 was slowed down to"))
            let json = try JSONValue(parsing: Data(try await deployment.run("status", "--json").output.utf8))
            #expect(json.objectValue?["calls"]?.objectValue == counts)
        }

        @Test("replaces an instance after its interruption notice")
        func interruption() async throws {
            var deployment = try await Deployment()
            let made = try await deployment.aws("create_queue", ["QueueName": "ec2-notices"], service: "sqs")
            let name = try #require(made.text("QueueUrl").flatMap { URL(string: $0)?.path })
            let url = deployment.ec2.url + name
            deployment.environment["AWS_PROVISIONER_INTERRUPTION_QUEUE_URL"] = url
            try await deployment.apply("alpha", .sample())
            try await deployment.setPending(["alpha": 2])
            let first = try await deployment.iterate()
            let interrupted = try #require(first.list("bids").first?.text("instanceId"))
            let event: JSONValue = [
                "detail-type": "EC2 Spot Instance Interruption Warning", "source": "aws.ec2",
                "region": "us-east-1", "time": .string(Date().timestamp),
                "detail": ["instance-id": .string(interrupted), "instance-action": "terminate"],
            ]
            for body in [String(decoding: try event.serialized(), as: UTF8.self), "no event"] {
                try await deployment.aws(
                    "send_message", ["QueueUrl": .string(url), "MessageBody": .string(body)], service: "sqs")
            }
            let second = try await deployment.iterate()
            #expect(second.number("noticeCount") == 1)
            #expect(second.list("bids").map { $0.text("outcome") } == ["launched"])
            #expect(second.list("workerTypes").map { $0.number("pendingCapacity") } == [1])
            #expect(try await deployment.iterate().list("bids").isEmpty)
            #expect(try await deployment.count("alpha") == 3, "EC2 has not interrupted the instance yet")

            let attributes = try await deployment.aws(
                "get_queue_attributes", ["QueueUrl": .string(url), "AttributeNames": ["All"]], service: "sqs")
            let counts = try #require(attributes["Attributes"]?.objectValue)
            let left = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
            #expect(
                left.compactMap { counts.text($0).flatMap(Int.init) }.reduce(0, +) == 1,
                "only the invalid message is left")

            let status = try await deployment.run("status")
            #expect(status.output.contains("notices of the last day: 1 interruptions"))
            #expect(status.output.contains("interruption: \(interrupted), alpha, us-east-1"))
        }
    }
}
