import CGI
import HTML

/// A page with the reason of an error, and a link to the overview.
struct ErrorPage {
    let layout: Layout
    let error: PageError

    var response: CGIResponse {
        SecureResponse.html(markup, status: error.status, headers: error.headers)
    }

    private var markup: Markup {
        layout.page(title: error.title) {
            tag("h1", [:], error.title)
            tag("p", [:], error.message)
            tag("p") { tag("a", ["href": layout.links.overview], "To the overview") }
        }
    }
}
