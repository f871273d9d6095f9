import Domain
import Foundation
import TestSupport
import Testing

@Suite("Images of SSM parameters")
struct ImageReferenceTests {
    @Test(
        "have the name of the parameter, with and without its version",
        arguments: [
            ("resolve:ssm:/images/worker", "/images/worker", "/images/worker"),
            ("resolve:ssm:/images/worker:3", "/images/worker:3", "/images/worker"),
            ("resolve:ssm:worker:stable", "worker:stable", "worker"),
            (
                "resolve:ssm:arn:aws:ssm:us-east-1:123456789012:parameter/worker:3",
                "arn:aws:ssm:us-east-1:123456789012:parameter/worker:3",
                "arn:aws:ssm:us-east-1:123456789012:parameter/worker"
            ),
        ])
    func names(reference: String, name: String, withoutVersion: String) {
        #expect(ImageParameter(imageId: reference)?.name == name)
        #expect(ImageParameter(imageId: reference)?.nameWithoutVersion == withoutVersion)
    }

    @Test("differ from ids", arguments: ["ami-12c6146b", "", "/images/worker", "ssm:/images/worker"])
    func ids(text: String) {
        #expect(ImageParameter(imageId: text) == nil)
    }

    @Test("contain the id of an image")
    func values() {
        #expect(ImageParameter.isImageId("ami-0d3a0f5e8b2c41976"))
        for text in ["", "ami-", "i-1234", "ami-1 ", "{\"image\": \"ami-1\"}", "ami-\u{0661}"] {
            #expect(!ImageParameter.isImageId(text), "\(text)")
        }
    }

    private let reference = "resolve:ssm:/images/worker"

    private func resolved(_ id: String?, failure: String? = nil) -> ResolvedImage {
        ResolvedImage(
            region: "us-east-1", reference: reference, imageId: id, failure: failure, readAt: .start,
            nextRead: .start)
    }

    @Test("have the platform of the image to which they refer in their region")
    func platform() {
        var catalog = ImageCatalog([
            KnownImage(
                region: "us-east-1", id: "ami-1", details: PlatformDetails("Windows"), readAt: .start,
                nextRead: .start)
        ])
        #expect(catalog.imageId(of: reference, in: "us-east-1") == nil)
        #expect(catalog.platform(of: reference, in: "us-east-1") == .linux)
        catalog.add([resolved("ami-1")])
        #expect(catalog.imageId(of: reference, in: "us-east-1") == "ami-1")
        #expect(catalog.platform(of: reference, in: "us-east-1") == .windows)
        #expect(catalog.imageId(of: reference, in: "eu-west-1") == nil)
        #expect(catalog.imageId(of: "ami-2", in: "eu-west-1") == "ami-2")
    }

    @Test("have a problem when the last call returned no image")
    func problems() {
        let remedy = ": correct the parameter, or allow ssm:GetParameters, see doctor --iam-policy"
        #expect(resolved("ami-1").problem == nil)
        #expect(
            resolved(nil, failure: "the parameter does not exist").problem
                == "us-east-1: resolve:ssm:/images/worker could not be resolved (the parameter does not exist), so that its "
                + "image is unknown" + remedy)
        #expect(
            resolved("ami-1", failure: "timeout: no response").problem
                == "us-east-1: resolve:ssm:/images/worker could not be resolved (timeout: no response), so that the last "
                + "known image ami-1 counts" + remedy)
        var catalog = ImageCatalog()
        catalog.add([resolved(nil, failure: "timeout: no response")])
        #expect(catalog.problems(of: [reference, "ami-3"], in: "us-east-1").count == 1)
    }
}
