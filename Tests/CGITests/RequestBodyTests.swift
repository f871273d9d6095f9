import CGI
import Glibc
import Testing

/// Standard input belongs to the process: each test runs in a process of its own.
@Suite("The body of a CGI request")
struct RequestBodyTests {
    /// Makes a text the standard input of this process, which ends after it.
    private static func setInput(_ text: String) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { exit(71) }
        let bytes = Array(text.utf8)
        guard write(ends[1], bytes, bytes.count) == bytes.count else { exit(74) }
        close(ends[1])
        dup2(ends[0], STDIN_FILENO)
        close(ends[0])
    }

    @Test("is read as long as it is asked for, or until it ends")
    func reading() async {
        await #expect(processExitsWith: .success) {
            RequestBodyTests.setInput("abcdef")
            let body = RequestBody(environment: ["CONTENT_LENGTH": "6"])
            guard body.read(4) == Array("abcd".utf8), body.read(9) == Array("ef".utf8), body.read(1).isEmpty
            else { exit(1) }
        }
    }

    @Test("is discarded up to its announced length")
    func discarding() async {
        await #expect(processExitsWith: .success) {
            RequestBodyTests.setInput("abcdefgh")
            let body = RequestBody(environment: ["CONTENT_LENGTH": "6"])
            guard body.read(2) == Array("ab".utf8) else { exit(1) }
            body.discard()
            guard RequestBody(environment: [:]).read(9) == Array("gh".utf8) else { exit(2) }
        }
    }

    @Test("that comes in chunks is discarded up to its end")
    func chunks() async {
        await #expect(processExitsWith: .success) {
            RequestBodyTests.setInput("abcdefgh")
            RequestBody(environment: ["HTTP_TRANSFER_ENCODING": "chunked"]).discard()
            guard RequestBody(environment: [:]).read(9).isEmpty else { exit(1) }
        }
    }

    @Test("without a usable length is not read", arguments: [nil, "-1", "x", "0"])
    func unusable(length: String?) async {
        await #expect(processExitsWith: .success) { [length = length as String?] in
            RequestBodyTests.setInput("abc")
            var environment: [String: String] = [:]
            environment["CONTENT_LENGTH"] = length
            RequestBody(environment: environment).discard()
            guard RequestBody(environment: [:]).read(9) == Array("abc".utf8) else { exit(1) }
        }
    }
}
