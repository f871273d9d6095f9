import Cryptography
import Foundation
import TestSupport
import Testing

@testable import HTML

@Suite("Markup")
struct MarkupTests {
    @Test("escapes every text and every value")
    func escaping() {
        let hostile = "<script>alert('x')</script> & \"quoted\""
        let html = tag("a", ["href": hostile, "title": nil], hostile).html
        #expect(
            html == "<a href=\"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;\">"
                + "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;</a>")
    }

    @Test("holds no character that no document may hold, or that turns the text around it")
    func controls() {
        #expect(
            Markup("a\u{0}b\u{1b}c\u{202e}d\u{2066}e\nf").html == "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\nf")
        #expect(
            HostileText.unsafeScalars(in: tag("a", ["title": HostileText.text], HostileText.text).html)
                .isEmpty)
    }

    @Test("ends elements, but those that have no end")
    func elements() {
        #expect(tag("p") { tag("input", ["name": "q"]) }.html == "<p><input name=\"q\"></p>")
    }

    @Test("The style sheet's hash is that of its text")
    func hash() throws {
        let digest = try SHA256.hash("\(StyleSheet.text)".utf8)
        #expect(StyleSheet.hash == "sha256-" + Data(digest).base64EncodedString())
    }
}
