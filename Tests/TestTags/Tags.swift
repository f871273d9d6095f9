// `swift build` without `--build-tests` builds this target, and does not find the library of the tests.
#if canImport(Testing)
    package import Testing

    /// Requirements of a suite. `Tests/run --fast` skips the suites with one of these tags.
    ///
    /// A suite without a tag is a unit suite: it starts no server and no browser, and takes at most some seconds.
    /// The suites of EndToEndTests are no unit suites; a tag is optional there.
    ///
    /// `swift test` cannot select tests by tag: `tagged_suites.py` reads the tags from the sources. A tag must be an
    /// argument of `@Suite`.
    extension Tag {
        /// Starts moto, or another simulated AWS service.
        @Tag package static var moto: Self
        /// Starts a web server, or an HTTP server of the tests.
        @Tag package static var webServer: Self
        /// Starts a browser.
        @Tag package static var browser: Self
        /// Takes more than some seconds, or starts a Python program other than a server.
        @Tag package static var slow: Self
    }
#endif
