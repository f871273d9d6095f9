import Formats
import Testing

@Suite("Comma-separated values")
struct SeparatedValuesTests {
    @Test(
        "have fields with and without quotation marks",
        arguments: [
            ("a,b", ["a", "b"]), ("", [""]), ("a,,c", ["a", "", "c"]), ("\"a,b\",c", ["a,b", "c"]),
            ("\"say \"\"hi\"\"\",", ["say \"hi\"", ""]), ("5\" pipe,b", ["5\" pipe", "b"]), ("\"\"", [""]),
        ])
    func fields(line: String, expected: [String]) {
        #expect(SeparatedValues.fields(line.utf8) == expected)
    }

    @Test(
        "with an open quotation mark or text after a closed one are refused", arguments: ["\"a", "a,\"b\"c"])
    func refused(line: String) {
        #expect(SeparatedValues.fields(line.utf8) == nil)
    }

    @Test("are read as they were written", arguments: ["a", "a,b", "\"", "", "a \"b\", c"])
    func roundTrip(text: String) {
        #expect(SeparatedValues.fields((SeparatedValues.field(text) + ",x").utf8) == [text, "x"])
    }

    @Test("contain no formula", arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=a,\"b\""])
    func formulas(text: String) {
        #expect(SeparatedValues.fields(SeparatedValues.field(text).utf8) == ["'" + text])
    }
}
