import Foundation
import Platform
import Testing

@Suite("ProcessLimits")
struct ProcessLimitsTests {
    @Test("write the prepared response at the wall-clock limit")
    func wallClock() async throws {
        let result = try await #require(
            processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            try ProcessLimits(processorSeconds: 60, addressSpace: 1 << 40, wallClockMilliseconds: 50).apply(
                response: Array("Status: 503".utf8), message: "too slow")
            while true { pause() }
        }
        #expect(String(decoding: result.standardOutputContent, as: UTF8.self).contains("Status: 503"))
        #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("too slow\n"))
    }

    @Test("write the prepared response at the limit of processor time")
    func processorTime() async throws {
        let result = try await #require(
            processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
        ) {
            try ProcessLimits(processorSeconds: 1, addressSpace: 1 << 40, wallClockMilliseconds: 120_000)
                .apply(response: Array("Status: 503".utf8), message: "too much work")
            var state: UInt64 = 1
            while state != 0 { state = state &* 3 | 1 }
        }
        #expect(String(decoding: result.standardOutputContent, as: UTF8.self).contains("Status: 503"))
    }

    @Test("end the process without a second response after the first byte")
    func claimed() async throws {
        let result = try await #require(
            processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
        ) {
            try ProcessLimits(processorSeconds: 60, addressSpace: 1 << 40, wallClockMilliseconds: 50).apply(
                response: Array("Status: 503".utf8), message: "too slow")
            ProcessLimits.claimOutput()
            while true { pause() }
        }
        #expect(!String(decoding: result.standardOutputContent, as: UTF8.self).contains("Status: 503"))
    }

    @Test("work in a process that starts with their signals blocked")
    func blockedSignals() async {
        await #expect(processExitsWith: .exitCode(0)) {
            var all = sigset_t()
            sigfillset(&all)
            sigprocmask(SIG_SETMASK, &all, nil)
            try ProcessLimits(processorSeconds: 60, addressSpace: 1 << 40, wallClockMilliseconds: 50).apply(
                response: [], message: "too slow")
            while true { pause() }
        }
    }

    @Test("refuse memory above the address space, and keep lower limits")
    func addressSpace() async {
        await #expect(processExitsWith: .exitCode(7)) {
            var lower = rlimit(rlim_cur: 3, rlim_max: 3)
            setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &lower)
            try ProcessLimits(processorSeconds: 10, addressSpace: 1 << 32, wallClockMilliseconds: 60_000)
                .apply(response: [], message: "")
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
            guard limit.rlim_cur == 3, limit.rlim_max == 3 else { exit(1) }
            getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
            guard limit.rlim_cur == 0, limit.rlim_max == 0 else { exit(2) }
            exit(malloc(1 << 33) == nil ? 7 : 3)
        }
    }
}
