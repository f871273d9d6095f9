import Domain
import Formats
import TestSupport
import Testing

@Suite("The images of instance types")
struct MachineImageTests {
    private let types = [
        InstanceTypeSupport(
            instanceType: "c4.xlarge", architectures: ["x86_64"], requiresENA: false,
            bootModes: ["legacy-bios"]),
        InstanceTypeSupport(
            instanceType: "c5.xlarge", architectures: ["x86_64"], requiresENA: true,
            bootModes: ["legacy-bios", "uefi"]),
        InstanceTypeSupport(
            instanceType: "c6g.xlarge", architectures: ["arm64"], requiresENA: true, bootModes: ["uefi"]),
    ]

    private func problems(
        _ architecture: String?, ena: Bool? = true, boot: String? = nil,
        _ definition: WorkerTypeDefinition = .sample(types: [
            ("c4.xlarge", 1, 1), ("c5.xlarge", 1, 1), ("c6g.xlarge", 1, 1),
        ])
    ) -> [String] {
        let image = MachineImage(
            id: "ami-12c6146b", architecture: architecture, enaSupport: ena, bootMode: boot)
        return definition.imageProblems(in: "us-east-1", images: [image], types: types)
    }

    @Test("An image has the architecture of its types, ENA support and the boot mode that they need")
    func compared() {
        let remedy = ": remove the types, or name a suitable ImageId in their launchSpec"
        #expect(
            problems("arm64", boot: "uefi") == [
                "us-east-1: the image ami-12c6146b has the architecture arm64, which is not supported by "
                    + "c4.xlarge, c5.xlarge" + remedy,
                "us-east-1: the image ami-12c6146b has the boot mode uefi, which is not supported by c4.xlarge"
                    + remedy,
            ])
        #expect(
            problems("x86_64", ena: false) == [
                "us-east-1: the image ami-12c6146b has the architecture x86_64, which is not supported by "
                    + "c6g.xlarge" + remedy,
                "us-east-1: the image ami-12c6146b lacks ENA support, which is required by c5.xlarge, c6g.xlarge"
                    + remedy,
            ])
        #expect(problems("x86_64", boot: "uefi-preferred").count == 1, "it boots with either mode")
        #expect(problems(nil, ena: nil).isEmpty, "EC2 states nothing to compare")
    }

    @Test("Each type is compared with its own image, in its own region")
    func ownImage() {
        var definition = WorkerTypeDefinition.sample(types: [("c5.xlarge", 1, 1), ("c6g.xlarge", 1, 1)])
        #expect(problems("x86_64", definition).count == 1)
        definition.instanceTypes[1].launchSpec = ["ImageId": "ami-00000001"]
        #expect(problems("x86_64", definition).isEmpty)
        let other = MachineImage(id: "ami-00000001", architecture: "x86_64", enaSupport: true, bootMode: nil)
        #expect(definition.imageProblems(in: "us-east-1", images: [other], types: types).count == 1)
        #expect(definition.imageProblems(in: "us-west-2", images: [other], types: types).isEmpty)
    }
}
