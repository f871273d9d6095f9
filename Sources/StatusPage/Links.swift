import Domain
import Formats

/// The addresses of the pages, below the path of the program on the web server.
struct Links {
    /// Empty, or a path with one slash at its begin and none at its end.
    private let base: String

    /// - Parameter scriptName: `SCRIPT_NAME` of the CGI request.
    init(scriptName: String) {
        let parts = scriptName.split(separator: "/").map { PercentEncoding.encode(String($0)) }
        base = parts.map { "/" + $0 }.joined()
    }

    var overview: String { base + "/" }

    /// The page of costs, over a number of days.
    func costs(days: Int? = nil) -> String { base + "/costs" + (days.map { "?days=\($0)" } ?? "") }

    var metrics: String { base + "/metrics" }

    /// The page about problems, at a chapter.
    func guide(_ chapter: GuideChapter? = nil) -> String {
        base + "/guide" + (chapter.map { "#" + $0.rawValue } ?? "")
    }

    func workerType(_ name: String, hours: Int? = nil) -> String {
        base + "/worker-type/" + PercentEncoding.encode(name) + (hours.map { "?hours=\($0)" } ?? "")
    }

    /// The overview with these parameters. Parameters without a value are omitted.
    func overview(_ parameters: [(name: String, value: String?)]) -> String {
        let pairs = parameters.compactMap { name, value in
            value.map { "\(name)=\(PercentEncoding.encode($0))" }
        }
        return overview + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}
