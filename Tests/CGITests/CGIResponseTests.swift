import CGI
import Testing

@Suite("A CGI response")
struct CGIResponseTests {
    private func text(_ response: CGIResponse, withBody: Bool = true) -> String {
        String(
            decoding: response.serialized(withBody: withBody, common: [("X-Common", "yes")]), as: UTF8.self)
    }

    @Test("has its status, its headers, those of all responses, the length and the body")
    func complete() {
        let response = CGIResponse(
            status: 200, headers: [("Content-Type", "text/plain")], body: Array("body".utf8))
        #expect(
            text(response)
                == "Status: 200 OK\r\nContent-Type: text/plain\r\nX-Common: yes\r\nContent-Length: 4\r\n\r\nbody"
        )
    }

    @Test("to HEAD announces the length of the body and omits the body")
    func head() {
        let response = CGIResponse(status: 404, body: Array("body".utf8))
        #expect(
            text(response, withBody: false)
                == "Status: 404 Not Found\r\nX-Common: yes\r\nContent-Length: 4\r\n\r\n")
    }

    @Test("without content has no length and no body")
    func noContent() {
        let response = CGIResponse(status: 204, body: Array("body".utf8))
        #expect(text(response) == "Status: 204 No Content\r\nX-Common: yes\r\n\r\n")
    }

    @Test("cannot get a header of its own from a line break in a value")
    func injection() {
        let response = CGIResponse(status: 200, headers: [("Allow", "GET\r\nSet-Cookie: a\u{7f}\u{0}")])
        #expect(text(response).hasPrefix("Status: 200 OK\r\nAllow: GETSet-Cookie: a\r\n"))
    }

    @Test("names the reason of each status that the programs use")
    func reasons() {
        for status in [200, 204, 400, 401, 403, 404, 405, 409, 413, 500, 503] {
            #expect(!text(CGIResponse(status: status)).contains("Unknown"))
        }
        #expect(text(CGIResponse(status: 299)).hasPrefix("Status: 299 Unknown\r\n"))
    }
}
