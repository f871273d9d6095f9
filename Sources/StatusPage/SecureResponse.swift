import CGI
import HTML

/// Responses whose headers forbid the browser to load or run any content from outside the page.
enum SecureResponse {
    static func html(
        _ page: Markup, status: Int = 200, refresh: Int? = nil, headers: [(name: String, value: String)] = []
    ) -> CGIResponse {
        var headers = headers
        if let refresh { headers.append(("Refresh", "\(refresh)")) }
        return response(page.html, "text/html; charset=utf-8", status: status, headers: headers)
    }

    static func text(_ text: String, contentType: String, status: Int = 200) -> CGIResponse {
        response(text, contentType, status: status)
    }

    private static func response(
        _ text: String, _ contentType: String, status: Int = 200,
        headers: [(name: String, value: String)] = []
    ) -> CGIResponse {
        CGIResponse(
            status: status,
            headers: [
                ("Content-Type", contentType),
                // Forbids scripts, images, fonts, other styles, frames around the page, and forms to other sites.
                (
                    "Content-Security-Policy",
                    "default-src 'none'; style-src '\(StyleSheet.hash)'; form-action 'self'; base-uri 'none'; "
                        + "frame-ancestors 'none'"
                ),
                ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
                ("Cross-Origin-Opener-Policy", "same-origin"),
                ("Cache-Control", "no-store"),
            ] + headers, body: Array(text.utf8))
    }
}
