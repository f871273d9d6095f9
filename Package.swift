// swift-tools-version: 6.1
import PackageDescription

/// Language features that keep imports and existentials honest in every target.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Linker settings of the release executables, for a short start and against the exploitation of memory errors.
///
/// - `-use-ld=lld`: the default linker, gold, cannot pack relative relocations.
/// - `-z pack-relative-relocs`: the executables are position-independent, because they face the network. Each
///   address in their data then needs a relative relocation: some 90,000, mostly of the Swift runtime, Foundation
///   and ICU. Packed, they take 17 KB of the file instead of 2.1 MB. Needs glibc 2.36, the version of Debian 12.
/// - `-z now`: the loader resolves all imported functions at the start, so that the table of their addresses is
///   read-only (full RELRO) before the program reads input.
/// - `-static-libgcc`, and `-L Sources/StaticLibraries` with linker scripts that replace the shared libraries of
///   SQLite and libstdc++ by archives: a process lives for milliseconds, and to find, map and relocate shared
///   libraries takes longer than the work of a request.
/// - `--no-export-dynamic`: no library looks up symbols of an executable, and exported symbols slow each lookup.
/// - `--gc-sections`: unused functions are removed.
///
/// The executables need no run path, which makes the loader search further folders for libraries. SwiftPM adds
/// `-rpath=$ORIGIN`, and no linker option removes it: release builds use `swift build --disable-local-rpath`.
let startupLinkerSettings: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld", "-Xclang-linker", "-static-libgcc"]
            + ["-L", Context.packageDirectory + "/Sources/StaticLibraries"]
            + ["-z", "pack-relative-relocs", "-z", "now", "--no-export-dynamic", "--gc-sections"]
            .flatMap { ["-Xlinker", $0] },
        .when(configuration: .release))
]

/// A room of the house: its folder in Sources, and the rooms that it may see.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a room, at the same path below Tests.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport", "TestTags"], exclude: exclude,
        swiftSettings: strict)
}

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
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
        // Headers of C libraries, and tables of their functions, which are filled on first use: a program that is
        // linked with libcurl loads some thirty shared libraries at its start, even if it makes no request.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CXML2", providers: [.apt(["libxml2-dev"])]),

        // Ground floor: knows nobody.
        room("Domain"),
        .target(name: "CPlatform"),
        room("Platform", ["CPlatform"]),
        room("CGI"),
        room("HTML", ["Domain"]),

        // First floor: one outside party each.
        room("Cryptography", ["COpenSSL"]),
        room("HTTPTransport", ["CCurl"]),
        room("Auth", ["Domain", "Cryptography", "HTTPTransport"]),
        room("Storage", ["Domain", "Cryptography", "Platform", grdb, sqlite]),
        .target(
            name: "EC2",
            dependencies: [
                "Domain", "HTTPTransport", "Cryptography", "CXML2", "Platform",
            ],
            // Debian's folder of libxml2's headers. pkg-config would name it, and link the library as well.
            swiftSettings: strict + [.unsafeFlags(["-Xcc", "-I/usr/include/libxml2"])]),
        room("Queue", ["Domain", "HTTPTransport", "Auth", "Cryptography"]),
        room("Settings", ["Domain", "Auth", "Platform", logging]),

        // Second floor: what is done with them.
        room("Iteration", ["Domain", "Storage", "HTTPTransport", "Cryptography", "Platform", logging]),
        room("Simulation", ["Domain", "HTML"]),
        room("Overview", ["Domain", "Storage"]),
        room("Metrics", ["Domain", "Storage", "Overview", "Platform"]),
        room("StatusPage", ["Domain", "Storage", "Overview", "CGI", "HTML"]),
        room("API", ["Domain", "Storage", "Auth", "Cryptography", "CGI"]),

        // The front doors.
        .executableTarget(
            name: "aws-provisioner",
            dependencies: [
                "Domain", "Storage", "EC2", "Queue", "Auth", "Cryptography", "HTTPTransport", "Settings",
                "Iteration", "Simulation", "Overview", "Metrics", "Platform",
                argumentParser, logging,
            ],
            swiftSettings: strict, linkerSettings: startupLinkerSettings),

        .executableTarget(
            name: "aws-provisioner-api",
            dependencies: [
                "Domain", "Storage", "EC2", "Auth", "Cryptography", "HTTPTransport", "Settings", "API",
                "Platform", "CGI",
            ],
            swiftSettings: strict, linkerSettings: startupLinkerSettings),

        .executableTarget(
            name: "aws-provisioner-status",
            dependencies: [
                "Domain", "Storage", "Settings", "Overview", "Metrics", "StatusPage", "CGI", "Platform",
            ],
            swiftSettings: strict, linkerSettings: startupLinkerSettings),

        // Run by Tests/Benchmarks/run, in release.
        .executableTarget(
            name: "benchmarks", dependencies: ["Domain", "EC2", "TestSupport"], path: "Tests/Benchmarks",
            exclude: [
                "run", "floor.c", "cgi_floor.c", "update_floor.c", "update.py",
                "read_with_botocore.py",
                "report.py", "worker_type.py",
                "policies", "policies.py",
            ],
            swiftSettings: strict),

        // What tests share: temporary folders, processes, deterministic random numbers.
        .target(
            name: "TestSupport", dependencies: ["Domain", "Platform"], path: "Tests/TestSupport",
            exclude: ["servers", "clients", "databases", "MovedClock"],
            swiftSettings: strict),
        .target(name: "MovedClock", path: "Tests/TestSupport/MovedClock"),
        // Apart from TestSupport, which the benchmarks link without the library of the tests.
        .target(name: "TestTags", path: "Tests/TestTags", swiftSettings: strict),
        tests("PlatformTests", ["Platform"]),
        tests("DomainTests", ["Domain"]),
        tests("HTMLTests", ["HTML", "Domain", "Cryptography"]),
        tests("CryptographyTests", ["Cryptography", "COpenSSL"]),
        tests("HTTPTransportTests", ["HTTPTransport", "CCurl", "Domain"]),
        tests("AuthTests", ["Auth", "Domain", "HTTPTransport"]),
        tests("StorageTests", ["Storage", "Domain", "Cryptography", grdb]),
        tests("EC2Tests", ["EC2", "Domain", "HTTPTransport"]),
        tests("QueueTests", ["Queue", "HTTPTransport", "Auth", "Domain"]),
        tests("SettingsTests", ["Settings", "Domain"]),
        tests(
            "IterationTests",
            ["Iteration", "Domain", "Storage", "Cryptography", "HTTPTransport", "Simulation", logging, grdb]),
        tests(
            "APITests", ["API", "CGI", "Auth", "Domain", "Storage", "Cryptography", "HTTPTransport", grdb],
            exclude: ["Golden"]),
        tests("CGITests", ["CGI"]),
        tests("OverviewTests", ["Overview", "Domain", "Storage", "Cryptography"]),
        tests("MetricsTests", ["Metrics", "Overview", "Domain", "Storage", "Cryptography"]),
        tests(
            "StatusPageTests", ["StatusPage", "Overview", "CGI", "Domain", "HTML", "Storage", "Cryptography"]),
        tests("SimulationTests", ["Simulation", "Domain"]),
        tests(
            "EndToEndTests",
            [
                "Domain", "Storage", "Cryptography", "aws-provisioner", "aws-provisioner-api",
                "aws-provisioner-status", grdb,
            ], exclude: ["Golden"]),
    ],
    swiftLanguageModes: [.v6]
)
