import Domain
import EC2
import Formats
import HTTPTransport
import Testing

@testable import AWS

@Suite("An error response of EC2")
struct QueryFailureTests {
    @Test(
        "keeps the whole encoded authorization message, and its brief form names the command that decodes it")
    func encoded() {
        let secret = String(repeating: "x", count: 3000)
        let message =
            "You are not authorized to perform this operation. Encoded authorization failure message: \(secret)"
        let body =
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>\(message)</Message></Error>"
            + "</Errors></Response>"
        let failure = QueryService.ec2.failure(
            HTTPResponse(status: 403, headers: [:], body: Array(body.utf8)), market: .spot)
        #expect(failure.kind == .unauthorized)
        #expect(failure.message == message)
        let brief = ServiceFailure.brief(failure.message)
        #expect(brief.hasPrefix("You are not authorized to perform this operation."))
        #expect(brief.contains("decode-authorization-message"))
        #expect(!brief.contains("xxx"))
        #expect(ServiceFailure.brief("plain") == "plain")
    }
}

@Suite("An instance's volumes")
struct VolumeTests {
    @Test("are read when it lacks the tag of its launch")
    func read() throws {
        func answer(_ tag: String) -> [UInt8] {
            Array(
                """
                <DescribeInstancesResponse><reservationSet><item><instancesSet><item>
                <instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceState><name>running</name>
                </instanceState><instanceType>c5.large</instanceType>
                <launchTime>2026-11-24T04:13:05.000Z</launchTime>
                <placement><availabilityZone>us-east-1a</availabilityZone></placement>
                <blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><volumeId>vol-1</volumeId></ebs>
                </item><item><deviceName>/dev/sdb</deviceName><ebs><volumeId>vol-2</volumeId></ebs></item>
                </blockDeviceMapping>
                <tagSet><item><key>\(tag)</key><value>l1</value></item></tagSet>
                </item></instancesSet></item></reservationSet></DescribeInstancesResponse>
                """.utf8)
        }
        let bare = try EC2Client.readInstances(answer("Name"), region: "us-east-1")
        #expect(bare.first?.volumeIds == ["vol-1", "vol-2"])
        #expect(bare.first?.state == .running)
        let tagged = try EC2Client.readInstances(answer("LaunchId"), region: "us-east-1")
        #expect(tagged.first?.volumeIds == [])
    }
}
