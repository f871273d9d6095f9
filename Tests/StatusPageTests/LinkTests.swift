import Formats
import Testing

@testable import StatusPage

@Suite("URLs of pages")
struct LinkTests {
    @Test(
        "stand below the program's own path, which cannot lead elsewhere",
        arguments: [
            ("", "/"), ("/status", "/status/"), ("/status/", "/status/"),
            ("//evil.example", "/evil.example/"),
            ("/a b/\"><x", "/a%20b/%22%3E%3Cx/"), ("javascript:alert(1)", "/javascript%3Aalert%281%29/"),
        ])
    func base(script: String, overview: String) {
        #expect(Links(scriptName: script).overview == overview)
    }

    @Test("are encoded and decoded again")
    func encoding() {
        let text = "a b&c=d/é%\u{1F600}"
        #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
        #expect(PercentEncoding.decode("a+b") == "a b")
        for wrong in ["%", "%4", "%zz", "%+1", "%-1", "%ff"] { #expect(PercentEncoding.decode(wrong) == nil) }
    }
}
