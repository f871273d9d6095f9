import Domain
import Formats

/// Where the pages are, below the path that the web server gives the program.
struct Links {
    /// Empty, or beginning with one slash and ending with none.
    private let base: String

    /// - Parameter scriptName: of the CGI request.
    init(scriptName: String) {
        let parts = scriptName.split(separator: "/").map { PercentEncoding.encode(String($0)) }
        base = parts.map { "/" + $0 }.joined()
    }

    var overview: String { base + "/" }

    var metrics: String { base + "/metrics" }

    func workerType(_ name: String, hours: Int? = nil) -> String {
        base + "/worker-type/" + PercentEncoding.encode(name) + (hours.map { "?hours=\($0)" } ?? "")
    }

    /// The overview with these parameters; those that are nil are left out.
    func overview(_ parameters: [(name: String, value: String?)]) -> String {
        let pairs = parameters.compactMap { name, value in
            value.map { "\(name)=\(PercentEncoding.encode($0))" }
        }
        return overview + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}
