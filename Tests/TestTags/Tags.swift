package import Testing

/// What a suite needs beside the test process. `Tests/run --fast` leaves out each suite with one of these tags.
///
/// A suite without a tag is a unit suite: it starts no server and no browser, and takes at most some seconds. The suites
/// of EndToEndTests are no unit suites, and need a tag only where the tag says more than that.
///
/// `swift test` cannot select tests by tag: `tagged_suites.py` reads the tags from the sources. Each tag stands on the
/// line of the `@Suite` that it belongs to.
extension Tag {
    /// Starts moto, or another server that stands for AWS.
    @Tag package static var moto: Self
    /// Starts a web server, or an HTTP server of the tests.
    @Tag package static var webServer: Self
    /// Starts a browser.
    @Tag package static var browser: Self
    /// Takes more than some seconds, or starts a Python program that is no server.
    @Tag package static var slow: Self
}
