package import CGI

extension CGIResponse {
    /// The headers of every response of the API.
    package static let common = crossOrigin + [(name: "X-Content-Type-Options", value: "nosniff")]

    /// The headers that permit pages of other origins to call the API.
    private static let crossOrigin: [(name: String, value: String)] = [
        ("Access-Control-Allow-Origin", "*"), ("Access-Control-Max-Age", "900"),
        ("Access-Control-Allow-Methods", "OPTIONS,GET,HEAD,POST,PUT,DELETE,TRACE,CONNECT"),
        ("Access-Control-Request-Method", "*"),
        (
            "Access-Control-Allow-Headers",
            "X-Requested-With,Content-Type,Authorization,Accept,Origin,Cache-Control"
        ),
    ]
}
