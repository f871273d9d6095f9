// swift-tools-version: 6.2
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

/// A library target at Sources/<name> with the package's common Swift settings.
///
/// - Parameter resources: files that become part of the program, which reads no file for them.
func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// A program whose `main.swift` is at Sources/<name>.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: strict, linkerSettings: startupLinkerSettings)
}

/// The tests of a library, at Tests/<name>.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport", "TestTags"], exclude: exclude,
        swiftSettings: strict)
}

let algorithms: Target.Dependency = .product(name: "Algorithms", package: "swift-algorithms")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

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
        .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        // Without the trait SubprocessFoundation, which links all of Foundation.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    ],
    targets: [
        // Headers of C libraries, and tables of their functions, which are filled on first use: a program that is
        // linked with libcurl loads some thirty shared libraries at its start, even if it makes no request.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CXML2", providers: [.apt(["libxml2-dev"])]),

        // Foundations.
        library("Formats"),
        .target(name: "CPlatform"),
        library("Platform", ["CPlatform", subprocess, system]),
        library("Cryptography", ["COpenSSL", "Formats"]),
        library("Domain", ["Formats", algorithms]),
        library("CGI", ["Formats", "Platform"]),
        library("HTML", ["Formats"], resources: [.embedInCode("style.css")]),

        // Adapters: one outside service or resource each.
        library("HTTPTransport", ["CCurl", deque]),
        library(
            "Storage", ["Domain", "Formats", "Cryptography", "Platform", algorithms, grdb, sqlite, system]),
        .target(
            name: "AWS",
            dependencies: [
                "HTTPTransport", "Cryptography", "CXML2", "Domain", "Formats", "Platform", system,
            ],
            // Debian's include path for libxml2. `pkgConfig:` would also link the library, which is loaded at run time.
            swiftSettings: strict + [.unsafeFlags(["-Xcc", "-I/usr/include/libxml2"])]),
        library("EC2", ["AWS", "Domain", "Formats", "HTTPTransport"]),
        library("Taskcluster", ["Domain", "Formats", "HTTPTransport", "Cryptography"]),
        library("Notifications", ["Domain", "Formats", "HTTPTransport", "Cryptography", "Platform"]),
        library(
            "Configuration",
            [
                "Domain", "Formats", "Storage", "AWS", "EC2", "Taskcluster", "Cryptography", "HTTPTransport",
                "Notifications", "Platform",
                logging, system,
            ]),

        // Application.
        library(
            "Provisioning",
            [
                "Domain", "Formats", "Storage", "HTTPTransport", "Cryptography", "Platform", algorithms,
                logging, system,
            ]),
        library("Simulation", ["Domain", "Formats", "HTML", algorithms, deque, heap]),
        library("Reporting", ["Storage", "Domain", "Formats", "Platform"]),
        library(
            "StatusPage",
            ["Configuration", "Reporting", "Storage", "Domain", "Formats", "CGI", "HTML", "Platform"]),
        library(
            "API",
            [
                "Configuration", "Taskcluster", "Storage", "CGI", "Domain", "Formats", "Cryptography",
                "HTTPTransport",
                "Platform",
            ], resources: [.embedInCode("Schemas")]),
        library(
            "Commands",
            [
                "Simulation", "Provisioning", "Reporting", "Configuration", "EC2", "AWS", "Taskcluster",
                "Notifications", "Storage",
                "HTTPTransport", "Cryptography", "Domain", "Formats", "Platform", argumentParser, logging,
                subprocess, system,
            ], resources: [.embedInCode("Schema/Schemas")]),

        // Programs.
        program("aws-provisioner", ["Commands"]),
        program("aws-provisioner-api", ["API"]),
        program("aws-provisioner-status", ["StatusPage"]),

        // Run by Tests/Benchmarks/run, in release.
        .executableTarget(
            name: "benchmarks", dependencies: ["Domain", "EC2", "TestSupport"], path: "Tests/Benchmarks",
            exclude: [
                "run", "floor.c", "cgi_floor.c", "update_floor.c", "update.py",
                "read_with_botocore.py",
                "report.py", "worker_type.py",
                "policies", "policies.py", "policy_runs.py", "policy_tables.py", "policy_targets.py", "soak",
                "limits", "limits.py", "services.py",
            ],
            swiftSettings: strict),
        // Run by Tests/Benchmarks/soak, in release.
        .executableTarget(
            name: "soak-program", dependencies: ["SoakTesting", "TestSupport"], path: "Tests/SoakProgram",
            swiftSettings: strict),

        // What tests share: temporary folders, processes, deterministic random numbers.
        .target(
            name: "TestSupport", dependencies: ["CTestSupport", "Domain", "Formats", "Platform"],
            path: "Tests/TestSupport",
            exclude: ["servers", "clients", "databases", "definitions", "MovedClock"],
            swiftSettings: strict),
        .target(name: "CTestSupport", path: "Tests/CTestSupport"),
        // A long simulated run with invariants, for a test and a program.
        .target(
            name: "SoakTesting",
            dependencies: [
                "Provisioning", "Simulation", "Storage", "Cryptography", "Domain", "Formats", "TestSupport",
                algorithms, logging,
            ], path: "Tests/SoakTesting", swiftSettings: strict),
        .target(name: "MovedClock", path: "Tests/TestSupport/MovedClock"),
        // Apart from TestSupport, which the benchmarks link without the library of the tests.
        .target(name: "TestTags", path: "Tests/TestTags", swiftSettings: strict),
        tests("PlatformTests", ["Platform"]),
        tests("FormatsTests", ["Formats", "Domain"]),
        tests("DomainTests", ["Domain", "Formats"]),
        tests("HTMLTests", ["HTML", "Formats", "Cryptography"]),
        tests("CryptographyTests", ["Cryptography", "COpenSSL"]),
        tests("HTTPTransportTests", ["HTTPTransport", "Domain", "Formats", "CCurl"]),
        tests("TaskclusterTests", ["Taskcluster", "Domain", "Formats", "HTTPTransport"]),
        tests(
            "NotificationsTests",
            ["Notifications", "Taskcluster", "Domain", "Formats", "HTTPTransport", "Platform"]),
        tests("StorageTests", ["Storage", "Domain", "Formats", "Cryptography", grdb]),
        tests("AWSTests", ["AWS", "EC2", "Domain", "Formats", "HTTPTransport", "Platform"]),
        tests("EC2Tests", ["EC2", "AWS", "Domain", "Formats", "HTTPTransport"]),
        tests(
            "ConfigurationTests",
            ["Configuration", "Domain", "Formats", "Platform", "Storage"]),
        tests(
            "ProvisioningTests",
            [
                "Provisioning", "Simulation", "Storage", "HTTPTransport", "Cryptography", "Domain", "Formats",
                "SoakTesting", grdb, logging,
            ]),
        tests(
            "APITests",
            [
                "API", "CGI", "Taskcluster", "Domain", "Formats", "Storage", "Cryptography", "HTTPTransport",
                grdb,
            ],
            exclude: ["Golden"]),
        tests("CGITests", ["CGI"]),
        tests("ReportingTests", ["Reporting", "Domain", "Formats", "Storage", "Cryptography"]),
        tests(
            "StatusPageTests",
            ["StatusPage", "Reporting", "CGI", "Domain", "Formats", "HTML", "Storage", "Cryptography"]),
        tests("SimulationTests", ["Simulation", "Domain", "Formats"]),
        tests(
            "EndToEndTests",
            [
                "Domain", "Formats", "Storage", "Cryptography", "Platform", "aws-provisioner",
                "aws-provisioner-api",
                "aws-provisioner-status", grdb,
            ], exclude: ["Golden"]),
        tests(
            "CommandsTests",
            ["Commands", "Configuration", "Domain", "Formats", "Storage", "Platform", argumentParser]),
        tests("DocumentationTests", ["aws-provisioner"]),
    ],
    swiftLanguageModes: [.v6]
)
