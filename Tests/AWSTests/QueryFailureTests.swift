import Domain
import EC2
import Formats
import FoundationEssentials
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

    @Test(
        "in the JSON protocol has the type as its code",
        arguments: [
            ("{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}", "AccessDeniedException", "no"),
            (
                "{\"__type\":\"com.amazonaws.ssm#InternalServerError\",\"message\":\"m\"}",
                "InternalServerError", "m"
            ), ("<html>", "http-400", "HTTP status 400"), ("[]", "http-400", "HTTP status 400"),
        ])
    func json(body: String, code: String, message: String) {
        let failure = QueryService.ssm.failure(
            HTTPResponse(status: 400, headers: [:], body: Array(body.utf8)), market: nil)
        #expect(failure.code == code)
        #expect(failure.message == message)
        #expect((failure.kind == .unauthorized) == (code == "AccessDeniedException"))
    }
}

@Suite("The difference of the clocks")
struct ClockSkewTests {
    private let now = Date(timeIntervalSince1970: 1_700_000_000)

    private func skew(_ date: String?) -> ClockSkew? {
        HTTPResponse(status: 200, headers: date.map { ["date": $0] } ?? [:], body: []).clockSkew(now: now)
    }

    @Test("is read from the header Date, and is significant above two minutes")
    func read() {
        #expect(skew("Tue, 14 Nov 2023 22:13:20 GMT")?.seconds == 0)
        let behind = skew("Tue, 14 Nov 2023 22:20:20 GMT")
        #expect(behind?.description == "this machine's clock is 7 minutes behind")
        #expect(behind?.isSignificant == true)
        #expect(
            skew("Tue, 14 Nov 2023 22:10:20 GMT")?.description == "this machine's clock is 3 minutes ahead")
        #expect(skew("Tue, 14 Nov 2023 22:11:20 GMT")?.isSignificant == false)
        #expect(skew("yesterday") == nil)
        #expect(skew(nil) == nil)
    }

    @Test(
        "is named in the refusals that it may cause, and in no others",
        arguments: [
            ("AuthFailure", true), ("RequestExpired", true), ("SignatureDoesNotMatch", true),
            ("InsufficientInstanceCapacity", false), ("UnauthorizedOperation", false),
        ])
    func named(code: String, isNamed: Bool) {
        let failure = ServiceFailure(kind: .unauthorized, code: code, message: "no")
        let slow = failure.naming(ClockSkew(seconds: -420))
        #expect(slow.message == (isNamed ? "this machine's clock is 7 minutes behind. no" : "no"))
        #expect(failure.naming(ClockSkew(seconds: 60)) == failure)
        #expect(failure.naming(nil) == failure)
    }

    @Test("is the smallest of all responses")
    func smallest() {
        let caller = ServiceCaller(http: HTTPClient())
        for seconds in [-500.0, -430, 440] { caller.record(ClockSkew(seconds: seconds)) }
        #expect(caller.statistics.clockSkew == ClockSkew(seconds: -430))
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
