// swift-tools-version: 6.1
import PackageDescription

/// Language features that keep imports and existentials honest in every target.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// What makes a process start quickly, in release. It lives for two milliseconds, so that mapping its parts and
/// touching its pages for the first time is most of its life.
///
/// - Position-dependent: no relative relocations, of which the Swift runtime, Foundation and ICU have many.
/// - libsqlite3, libstdc++ and libgcc linked in (`Sources/StaticLibraries` leads the linker to their archives):
///   finding, mapping and relocating shared ones costs more than a request's own work.
/// - No exported symbols: nothing looks them up, and each lookup of another would pass through them.
/// - What runs at the start stands together in `start.order`, written by `Tests/Benchmarks/order`: in the order of
///   the linker it is spread over 60 MB, a page here and a page there. Names that are gone are skipped.
///
/// The toolchain's own linker, lld, knows such an order; gold, the default, does not.
let quickStart: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld", "-Xclang-linker", "-no-pie", "-Xclang-linker", "-static-libgcc"]
            + ["-L", Context.packageDirectory + "/Sources/StaticLibraries"]
            + [
                "--gc-sections", "--no-export-dynamic", "--no-warn-symbol-ordering",
                "--symbol-ordering-file=" + Context.packageDirectory + "/Sources/StaticLibraries/start.order",
            ].flatMap { ["-Xlinker", $0] },
        .when(configuration: .release))
]

/// A room of the house: its folder in Sources, and the rooms that it may see.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a room, at the same path below Tests.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "aws-provisioner",
    products: [
        .executable(name: "aws-provisioner", targets: ["aws-provisioner"]),
        .executable(name: "aws-provisioner-api", targets: ["aws-provisioner-api"]),
        .executable(name: "aws-provisioner-status", targets: ["aws-provisioner-status"]),
        // For tests: a library to preload into a program.
        .library(name: "MovedClock", type: .dynamic, targets: ["MovedClock"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        // The C libraries: headers only. They are loaded on first use (SharedLibraries), because an invocation
        // that calls nobody should not pay for some thirty shared libraries at its start.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CXML2", providers: [.apt(["libxml2-dev"])]),

        // Ground floor: knows nobody.
        room("Domain"),
        room("SharedLibraries"),
        room("Platform"),
        room("CGI"),
        room("HTML", ["Domain"]),

        // First floor: one outside party each.
        room("Cryptography", ["COpenSSL", "SharedLibraries"]),
        room("HTTPTransport", ["CCurl", "SharedLibraries"]),
        room("Auth", ["Domain", "Cryptography", "HTTPTransport"]),
        room("Storage", ["Domain", "Cryptography", "Platform", grdb]),
        .target(
            name: "EC2",
            dependencies: [
                "Domain", "HTTPTransport", "Cryptography", "CXML2", "Platform", "SharedLibraries",
            ],
            // Where Debian keeps libxml2's headers. pkg-config would tell, and link the library as well.
            swiftSettings: strict + [.unsafeFlags(["-Xcc", "-I/usr/include/libxml2"])]),
        room("Queue", ["Domain", "HTTPTransport", "Auth", "Cryptography"]),
        room("Settings", ["Domain", "Platform", logging]),

        // Second floor: what is done with them.
        room(
            "Iteration",
            ["Domain", "Storage", "EC2", "Queue", "HTTPTransport", "Auth", "Cryptography", logging]),
        room("Simulation", ["Domain", "Iteration", "HTML"]),
        room("Overview", ["Domain", "Storage"]),
        room("Metrics", ["Domain", "Storage", "Overview"]),
        room("StatusPage", ["Domain", "Storage", "Overview", "CGI", "HTML"]),
        room("API", ["Domain", "Storage", "Auth", "Cryptography", "CGI"]),

        // The front doors.
        .executableTarget(
            name: "aws-provisioner",
            dependencies: [
                "Domain", "Storage", "EC2", "Queue", "Auth", "Cryptography", "HTTPTransport", "Settings",
                "Iteration", "Simulation", "Overview", "Metrics", "Platform", "SharedLibraries",
                argumentParser, logging,
            ],
            swiftSettings: strict, linkerSettings: quickStart),

        .executableTarget(
            name: "aws-provisioner-api",
            dependencies: [
                "Domain", "Storage", "EC2", "Auth", "Cryptography", "HTTPTransport", "Settings", "API",
                "Platform", "CGI",
            ],
            swiftSettings: strict, linkerSettings: quickStart),

        .executableTarget(
            name: "aws-provisioner-status",
            dependencies: [
                "Domain", "Storage", "Settings", "Overview", "Metrics", "StatusPage", "CGI", "Platform",
            ],
            swiftSettings: strict, linkerSettings: quickStart),

        // Run by Tests/Benchmarks/run, in release.
        .executableTarget(
            name: "benchmarks", dependencies: ["Domain", "EC2"], path: "Tests/Benchmarks",
            exclude: [
                "run", "order", "order.py", "floor.c", "cgi_floor.c", "update_floor.c", "update.py",
                "read_with_botocore.py",
                "report.py", "worker_type.py",
                "policies", "policies.py",
            ],
            swiftSettings: strict),

        // What tests share: temporary folders, processes, deterministic random numbers.
        .target(
            name: "TestSupport", dependencies: ["Domain", "Platform"], path: "Tests/TestSupport",
            exclude: ["servers", "clients", "MovedClock"],
            swiftSettings: strict),
        .target(name: "MovedClock", path: "Tests/TestSupport/MovedClock"),
        tests("DomainTests", ["Domain"]),
        tests("HTMLTests", ["HTML", "Domain", "Cryptography"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("HTTPTransportTests", ["HTTPTransport", "Domain"]),
        tests("AuthTests", ["Auth", "Domain", "HTTPTransport"]),
        tests("StorageTests", ["Storage", "Domain", "Cryptography", grdb]),
        tests("EC2Tests", ["EC2", "Domain", "HTTPTransport"]),
        tests("QueueTests", ["Queue", "HTTPTransport", "Auth", "Domain"]),
        tests("SettingsTests", ["Settings", "Domain"]),
        tests(
            "IterationTests",
            ["Iteration", "Domain", "EC2", "Storage", "Cryptography", "HTTPTransport", "Simulation", logging]),
        tests("APITests", ["API", "CGI", "Auth", "Domain", "Storage", "Cryptography", grdb]),
        tests("MetricsTests", ["Metrics", "Overview", "Domain", "Storage", "Cryptography"]),
        tests(
            "StatusPageTests", ["StatusPage", "Overview", "CGI", "Domain", "HTML", "Storage", "Cryptography"]),
        tests("SimulationTests", ["Simulation", "Iteration", "Domain"]),
        tests(
            "EndToEndTests",
            [
                "Domain", "Storage", "Cryptography", "aws-provisioner", "aws-provisioner-api",
                "aws-provisioner-status", grdb,
            ]),
        tests("DocumentationTests", ["aws-provisioner"]),
    ],
    swiftLanguageModes: [.v6]
)
