public import CGI

extension CGIResponse {
    /// The headers of every answer of the API.
    public static let common = crossOrigin + [(name: "X-Content-Type-Options", value: "nosniff")]

    /// What lets pages of other origins call the API: headers of every answer.
    public static let crossOrigin: [(name: String, value: String)] = [
        ("Access-Control-Allow-Origin", "*"), ("Access-Control-Max-Age", "900"),
        ("Access-Control-Allow-Methods", "OPTIONS,GET,HEAD,POST,PUT,DELETE,TRACE,CONNECT"),
        ("Access-Control-Request-Method", "*"),
        (
            "Access-Control-Allow-Headers",
            "X-Requested-With,Content-Type,Authorization,Accept,Origin,Cache-Control"
        ),
    ]
}
