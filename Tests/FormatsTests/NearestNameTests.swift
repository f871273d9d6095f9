import Formats
import Testing

@Suite("The nearest name")
struct NearestNameTests {
    @Test(
        "is the known name with the fewest differences",
        arguments: [
            ("SecurityGroup", "SecurityGroups"), ("securitygroupid", "SecurityGroupIds"),
            ("ImageID", "ImageId"),
            ("Image", "ImageId"), ("ImgaeId", "ImageId"), ("KeyNmae", "KeyName"),
        ])
    func similar(written: String, right: String) {
        let known = ["SecurityGroupIds", "SecurityGroups", "ImageId", "KeyName"]
        #expect(NearestName.of(written, among: known) == right)
        #expect(NearestName.hint(written, among: known) == ". Did you mean \(right)?")
    }

    @Test("does not exist for a name that is similar to none", arguments: ["", "x", "Monitoring", "zz"])
    func different(written: String) {
        #expect(NearestName.of(written, among: ["SecurityGroups", "ImageId", "a"]) == nil)
        #expect(NearestName.hint(written, among: ["SecurityGroups"]).isEmpty)
        #expect(NearestName.of(String(repeating: "a", count: 100_000), among: ["a"]) == nil)
    }
}
