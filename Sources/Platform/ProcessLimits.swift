import CPlatform
import Glibc

/// The limits of a process that serves one request.
///
/// A request that reaches the limit of processor time or wall-clock time is answered with a prepared response. A request
/// that needs more memory ends its process, which the web server reports as an error.
package struct ProcessLimits: Sendable {
    /// A limit could not be set.
    package struct Failure: Error, CustomStringConvertible, Sendable {
        package let limit: String
        package let reason: String

        package var description: String { "the limit of \(limit) cannot be set: \(reason)" }
    }

    /// Processor time in seconds.
    package let processorSeconds: UInt
    /// Virtual memory in bytes.
    package let addressSpace: UInt
    /// Wall-clock time in milliseconds.
    package let wallClockMilliseconds: UInt32

    /// The limits of both CGI programs.
    package static let request = ProcessLimits(
        processorSeconds: 10, addressSpace: 1 << 30, wallClockMilliseconds: 60_000)

    package init(processorSeconds: UInt, addressSpace: UInt, wallClockMilliseconds: UInt32) {
        self.processorSeconds = processorSeconds
        self.addressSpace = addressSpace
        self.wallClockMilliseconds = wallClockMilliseconds
    }

    /// Limits this process, and prevents core dumps of it.
    ///
    /// - Parameters:
    ///   - response: what standard output gets at the limit, unless `claimOutput` was called before.
    ///   - message: one line for standard error at the limit.
    package func apply(response: [UInt8], message: String) throws(Failure) {
        try Self.preventCoreFiles()
        // Also for a pipe that collects core dumps, and against other processes of the same user.
        guard cplatform_prevent_dump() == 0 else { throw Self.failure("core dumps") }
        let line = Array((message + "\n").utf8)
        let result = response.withUnsafeBytes { response in
            line.withUnsafeBytes { line in
                cplatform_end_at_limit(
                    response.baseAddress, response.count, line.baseAddress, line.count, wallClockMilliseconds)
            }
        }
        guard result == 0 else { throw Self.failure("wall-clock time") }
        // The signal of the soft limit makes the response; the hard limit kills the process.
        try Self.limit(RLIMIT_CPU, "processor time", soft: processorSeconds, hard: processorSeconds + 1)
        try Self.limit(RLIMIT_AS, "address space", soft: addressSpace, hard: addressSpace)
    }

    /// Reserves standard output for the response of this request. To be called before its first byte is written.
    package static func claimOutput() { cplatform_claim_output() }

    /// Prevents core files, which contain secrets.
    package static func preventCoreFiles() throws(Failure) {
        try limit(RLIMIT_CORE, "core files", soft: 0, hard: 0)
    }

    /// Lowers a limit. A limit that is lower already stays.
    private static func limit(
        _ resource: __rlimit_resource, _ name: String, soft: UInt, hard: UInt
    ) throws(Failure) {
        let resource = __rlimit_resource_t(resource.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { throw failure(name) }
        limit.rlim_max = min(limit.rlim_max, hard)
        limit.rlim_cur = min(limit.rlim_cur, soft, limit.rlim_max)
        guard setrlimit(resource, &limit) == 0 else { throw failure(name) }
    }

    private static func failure(_ limit: String) -> Failure {
        Failure(limit: limit, reason: String(cString: strerror(errno)))
    }
}
